using System.Buffers;

namespace Errand.Handlers;

/// <summary>
/// Lines of a program's output. A line of text is cut at 16 KiB; one that begins as a JSON object may be as long as a result, since it
/// cannot be read in pieces. What is cut off is skipped, never kept.
/// </summary>
internal sealed class LineReader(Stream stream)
{
    private const int TextLimit = 16 * 1024;
    private const int ObjectLimit = HttpAnswer.ResultLimit + TextLimit;

    private readonly byte[] _chunk = new byte[16 * 1024];
    private ArrayBufferWriter<byte> _line = new();
    private bool _cut;

    /// <summary>Calls back with each line without its end, and whether it was cut, until the stream ends.</summary>
    public async Task ReadAsync(Func<ReadOnlyMemory<byte>, bool, ValueTask> onLine)
    {
        while (await stream.ReadAsync(_chunk, CancellationToken.None) is var read and > 0)
        {
            var rest = _chunk.AsMemory(0, read);
            while (rest.Span.IndexOf((byte)'\n') is var end and >= 0)
            {
                Take(rest.Span[..end]);
                await EmitAsync(onLine);
                rest = rest[(end + 1)..];
            }

            Take(rest.Span);
        }

        if (_line.WrittenCount > 0) await EmitAsync(onLine);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        var first = _line.WrittenCount > 0 ? _line.WrittenSpan[0] : bytes[0];
        var room = (first is (byte)'{' ? ObjectLimit : TextLimit) - _line.WrittenCount;
        if (bytes.Length > room) _cut = true;
        _line.Write(bytes[..Math.Min(bytes.Length, room)]);
    }

    private async ValueTask EmitAsync(Func<ReadOnlyMemory<byte>, bool, ValueTask> onLine)
    {
        var line = _line.WrittenMemory;
        if (line.Length > 0 && line.Span[^1] is (byte)'\r') line = line[..^1];
        if (line.Length > 0) await onLine(line, _cut);
        _cut = false;
        // One long line must not keep its memory for the rest of the run.
        if (_line.Capacity > 1024 * 1024) _line = new ArrayBufferWriter<byte>();
        else _line.ResetWrittenCount();
    }
}
