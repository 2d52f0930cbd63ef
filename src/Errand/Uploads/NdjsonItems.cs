using System.Buffers;
using System.IO.Pipelines;
using Errand.Submits;

namespace Errand.Uploads;

/// <summary>One JSON value a line; empty lines are passed over. One line is held at a time.</summary>
internal static class NdjsonItems
{
    private static readonly StreamPipeReaderOptions Options = new(bufferSize: 64 * 1024, leaveOpen: true);

    public static async ValueTask CopyAsync(Stream sent, ItemFile items, CancellationToken cancellationToken)
    {
        var number = 0L;
        await foreach (var line in LinesAsync(sent, cancellationToken))
        {
            number++;
            var item = line.Span.Trim(" \t\r"u8);
            if (number == 1 && item.StartsWith("\uFEFF"u8)) item = item[3..];
            if (item.IsEmpty) continue;
            if (JsonRules.Mistake(item) is { } mistake) throw UploadRules.Wrong(number, mistake);
            items.Add(item);
            await items.DrainAsync(cancellationToken);
        }
    }

    /// <summary>The lines of a file, without their ends; each is valid until the next is asked for.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(
        Stream file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(file, Options);
        var number = 0L;
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    number++;
                    yield return Contiguous(rest.Slice(0, end));
                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                if (rest.Length > UploadRules.ItemMax)
                {
                    throw UploadRules.Wrong(number + 1, "The line is longer than 1 MiB; an item must be smaller.");
                }

                if (read.IsCompleted)
                {
                    if (!rest.IsEmpty) yield return Contiguous(rest);
                    break;
                }

                pipe.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static ReadOnlyMemory<byte> Contiguous(ReadOnlySequence<byte> line) => line.IsSingleSegment ? line.First : line.ToArray();
}
