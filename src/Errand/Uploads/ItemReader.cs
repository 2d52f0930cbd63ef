using System.Runtime.CompilerServices;
using System.Text.Json;
using Errand.Storage;
using Errand.Work;

namespace Errand.Uploads;

/// <summary>Reads the items that a job was submitted with, inline or by upload, one at a time.</summary>
internal sealed class ItemReader(IJobStorage storage)
{
    public async IAsyncEnumerable<JobItemInput> ReadAsync(JobTicket ticket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await storage.Jobs.FindAsync(ticket.Key, JobParts.Input, cancellationToken);
        if (found.Job is not { Input: { } input } job || job.Head.Token != ticket.Token) throw new LeaseLostException(ticket);
        var index = 0;
        if (input.UploadId is { } upload)
        {
            await using var file = await OpenAsync(ticket.Key.Tenant, upload, cancellationToken);
            await foreach (var line in NdjsonItems.LinesAsync(file, cancellationToken))
            {
                yield return new JobItemInput(index++, line.ToArray());
            }
        }

        var offset = 0;
        while (TryNext(input.Items, ref offset, out var item)) yield return new JobItemInput(index++, item);
    }

    /// <summary>The next element of a valid JSON array, without copying it.</summary>
    private static bool TryNext(ReadOnlyMemory<byte> array, ref int offset, out ReadOnlyMemory<byte> item)
    {
        item = default;
        if (array.IsEmpty) return false;
        if (offset == 0) offset = array.Span.IndexOf((byte)'[') + 1;
        var rest = array.Span[offset..];
        var start = rest.IndexOfAnyExcept(", \t\r\n"u8);
        if (start < 0 || rest[start] == ']') return false;
        var reader = new Utf8JsonReader(rest[start..]);
        reader.Read();
        reader.Skip();
        item = array.Slice(offset + start, (int)reader.BytesConsumed);
        offset += start + (int)reader.BytesConsumed;
        return true;
    }

    private async ValueTask<Stream> OpenAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var upload = await storage.Uploads.FindAsync(tenant, id, cancellationToken);
        var file = upload is null ? null : await storage.Files.OpenAsync(upload.Location, cancellationToken);
        return file ?? throw new JobRejectedException($"The upload {id} that holds the items is gone.", JobErrorCodes.InputUnreadable);
    }
}
