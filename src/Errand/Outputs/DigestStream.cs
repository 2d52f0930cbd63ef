using System.Security.Cryptography;

namespace Errand.Outputs;

/// <summary>
/// Hashes and counts what is written through it. Closing it leaves the stream below open: that belongs to the staged file.
/// </summary>
internal sealed class DigestStream(Stream below) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Size { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Size;

    public override long Position
    {
        get => Size;
        set => throw new NotSupportedException("An output is written from its beginning to its end.");
    }

    public string Digest() => ContentDigest.Format(_hash.GetCurrentHash());

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        below.Write(buffer);
        Count(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await below.WriteAsync(buffer, cancellationToken);
        Count(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => below.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => below.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("An output is only written here.");

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("An output is written from its beginning to its end.");

    public override void SetLength(long value) => throw new NotSupportedException("An output is written from its beginning to its end.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Size += bytes.Length;
    }
}
