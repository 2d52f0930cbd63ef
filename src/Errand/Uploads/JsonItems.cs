using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Errand.Submits;

namespace Errand.Uploads;

/// <summary>One JSON array, of which one element is held at a time.</summary>
internal static class JsonItems
{
    private static readonly StreamPipeReaderOptions PipeOptions = new(bufferSize: 64 * 1024, leaveOpen: true);

    /// <summary>The array around the items is a level of its own.</summary>
    private static readonly JsonReaderOptions JsonOptions = new() { MaxDepth = JsonRules.DepthMax + 1 };

    public static async ValueTask CopyAsync(Stream sent, ItemFile items, CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(sent, PipeOptions);
        try
        {
            var state = new JsonReaderState(JsonOptions);
            var begun = false;
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                var buffer = begun ? read.Buffer : SkipMark(read.Buffer);
                var consumed = Copy(buffer, read.IsCompleted, ref state, items);
                begun |= consumed > 0;
                if (buffer.Length - consumed > UploadRules.ItemMax)
                {
                    throw UploadRules.Wrong($"Item {items.Items} is longer than 1 MiB; an item must be smaller.");
                }

                if (read.IsCompleted) return;
                pipe.AdvanceTo(buffer.GetPosition(consumed), buffer.End);
                await items.DrainAsync(cancellationToken);
            }
        }
        catch (JsonException e)
        {
            throw UploadRules.Wrong((e.LineNumber ?? 0) + 1, JsonRules.Sentence(e));
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    /// <summary>Copies the elements that are there in full. Returns how many bytes are done with.</summary>
    private static long Copy(ReadOnlySequence<byte> buffer, bool last, ref JsonReaderState state, ItemFile items)
    {
        var reader = new Utf8JsonReader(buffer, last, state);
        var done = 0L;
        while (reader.Read())
        {
            if (reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndArray))
            {
                throw UploadRules.Wrong(1, "The file must hold one JSON array: [ … ].");
            }

            if (reader.CurrentDepth > 0)
            {
                var start = reader.TokenStartIndex;
                if (!reader.TrySkip()) break;
                Copy(buffer.Slice(start, reader.BytesConsumed - start), items);
            }

            done = reader.BytesConsumed;
            state = reader.CurrentState;
        }

        return done;
    }

    private static void Copy(ReadOnlySequence<byte> element, ItemFile items)
    {
        if (element.Length > UploadRules.ItemMax)
        {
            throw UploadRules.Wrong($"Item {items.Items} is longer than 1 MiB; an item must be smaller.");
        }

        if (!Utf8.IsValid(element.IsSingleSegment ? element.FirstSpan : element.ToArray()))
        {
            throw UploadRules.Wrong($"Item {items.Items} is not valid UTF-8; send the file as UTF-8.");
        }

        using var document = JsonDocument.Parse(element);
        document.RootElement.WriteTo(items.BeginItem());
        items.EndItem();
    }

    private static ReadOnlySequence<byte> SkipMark(ReadOnlySequence<byte> buffer) =>
        buffer.FirstSpan.StartsWith("\uFEFF"u8) ? buffer.Slice(3) : buffer;
}
