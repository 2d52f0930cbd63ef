using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Errand.Storage;

namespace Errand.Testing.Stage;

/// <summary>What becomes of a job's items. Pure.</summary>
internal static class ItemReports
{
    private const string Create = "create";

    /// <summary>One report for each item, in order.</summary>
    public static IReadOnlyList<JobItem> Of(VendorScript script, ClaimedJob job)
    {
        if (job.Input.Items.IsEmpty) return [];
        using var items = JsonDocument.Parse(job.Input.Items);
        var creates = job.Details.Labels.GetValueOrDefault("zendesk.action") == Create;
        return [.. items.RootElement.EnumerateArray().Select((item, index) => Report(script, item, index, creates, job.Head.Sequence))];
    }

    private static JobItem Report(VendorScript script, JsonElement item, int index, bool creates, long job)
    {
        var id = Text(item, "id");
        var key = id ?? Text(item, "external_id") ?? index.ToString(CultureInfo.InvariantCulture);
        var error = script.Items.FirstOrDefault(items => items.Keys.Count == 0 || items.Keys.Contains(key) && (id ?? Text(item, "external_id")) is not null || items.Keys.Contains($"#{index}"))?.Error;
        return new JobItem
        {
            Index = index,
            Key = key,
            Status = error is null ? JobItemStatus.Succeeded : JobItemStatus.Failed,
            Error = error is null ? null : new JobError(error.Code, error.Message),
            // What was created has an id from now on: one that no other job of this stand-in gives.
            Result = Result(item, creates && error is null && id is null ? (job * 1000) + index + 1 : null),
        };
    }

    /// <summary>What the vendor tells of an element: the members that its own answers have.</summary>
    private static ReadOnlyMemory<byte> Result(JsonElement item, long? id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        if (id is { } made) writer.WriteNumber("id", made);
        if ((Text(item, "subject") ?? Text(item, "title")) is { } title) writer.WriteString("title", title);
        if (Text(item, "email") is { } email) writer.WriteString("email", email);
        if (Text(item, "external_id") is { } external) writer.WriteString("external_id", external);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static string? Text(JsonElement item, string name) => item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null }
        : null;
}
