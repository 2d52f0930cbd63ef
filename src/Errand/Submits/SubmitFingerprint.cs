using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Errand.Submits;

/// <summary>
/// A hash of everything that a submission asks for, so that the same id with the same content is known as a replay. White space in
/// documents does not count.
/// </summary>
internal static class SubmitFingerprint
{
    public static string Of(JobSubmission job, JobType type, string owner)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + job.Input.Length);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartArray();
            foreach (var text in (ReadOnlySpan<string?>)[owner, type.Name, job.Queue, job.UniqueKey, job.ParentId, job.CorrelationId,
                job.ItemsFrom])
            {
                json.WriteStringValue(text);
            }

            foreach (var number in (ReadOnlySpan<long?>)
            [
                job.Priority, job.MaxAttempts, job.RunAt?.UtcTicks, job.Deadline?.UtcTicks, job.Delay?.Ticks, job.Timeout?.Ticks,
                    job.Retention?.Ticks, (long)job.OnConflict,
            ])
            {
                if (number is { } value) json.WriteNumberValue(value);
                else json.WriteNullValue();
            }

            foreach (var (name, value) in (job.Labels ?? JobDetails.None.Labels).OrderBy(label => label.Key, StringComparer.Ordinal))
            {
                json.WriteStringValue(name);
                json.WriteStringValue(value);
            }

            Copy(job.Input.Span, json);
            Copy(job.Items.Span, json);
            json.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Copy(ReadOnlySpan<byte> document, Utf8JsonWriter json)
    {
        if (document.IsEmpty)
        {
            json.WriteNullValue();
            return;
        }

        var reader = new Utf8JsonReader(document, new JsonReaderOptions { MaxDepth = JsonRules.DepthMax });
        using var parsed = JsonDocument.ParseValue(ref reader);
        parsed.RootElement.WriteTo(json);
    }
}
