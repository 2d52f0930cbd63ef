using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Errand.AspNetCore;

/// <summary>A body in rented memory.</summary>
internal sealed class BodyBuffer : IBufferWriter<byte>, IDisposable
{
    // Answers are JSON and never HTML (nosniff), so letters stay readable; what is passed through was checked when it came in.
    public static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private byte[] rented = ArrayPool<byte>.Shared.Rent(2048);
    private int length;

    public ReadOnlyMemory<byte> Written => rented.AsMemory(0, length);

    public void Clear() => length = 0;

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return rented.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);

    private void Grow(int wanted)
    {
        var needed = length + Math.Max(wanted, 256);
        if (needed <= rented.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, rented.Length * 2));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(rented);
        rented = larger;
    }
}
