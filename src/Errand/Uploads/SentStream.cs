using System.Security.Cryptography;
using Errand.Outputs;

namespace Errand.Uploads;

/// <summary>Hashes and counts the bytes as they are sent, and stops at the bound.</summary>
internal sealed class SentStream(Stream sent) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Size { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("The length of an upload is known at its end.");

    public override long Position
    {
        get => Size;
        set => throw new NotSupportedException("An upload is read from its beginning to its end.");
    }

    public string Digest() => ContentDigest.Format(_hash.GetCurrentHash());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await sent.ReadAsync(buffer, cancellationToken);
        return Count(buffer.Span[..read]);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Count(buffer.AsSpan(offset, sent.Read(buffer, offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("An upload is read from its beginning to its end.");

    public override void SetLength(long value) => throw new NotSupportedException("An upload is only read here.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("An upload is only read here.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }

    private int Count(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Size += bytes.Length;
        return Size <= UploadRules.SizeMax ? bytes.Length : throw UploadRules.TooLarge();
    }
}
