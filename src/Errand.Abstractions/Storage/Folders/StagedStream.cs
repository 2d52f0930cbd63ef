namespace Errand.Storage.Folders;

/// <summary>A new file that is only written, whose writer is told of a full disk as the seam says.</summary>
internal sealed class StagedStream(string path, FolderFaults faults) : Stream
{
    private const int BufferSize = 64 * 1024;

    private readonly FileStream _file = faults.OfFiles(
        () => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, FileOptions.Asynchronous));

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _file.Write(buffer);
        }
        catch (IOException exception)
        {
            throw faults.Translate(exception);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _file.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException exception)
        {
            throw faults.Translate(exception);
        }
    }

    public override void Flush() => faults.OfFiles(() => _file.Flush());

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _file.FlushAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw faults.Translate(exception);
        }
    }

    /// <summary>Returns when the bytes are on disk.</summary>
    public void FlushToDisk() => faults.OfFiles(() => _file.Flush(flushToDisk: true));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) faults.OfFiles(_file.Dispose);
        base.Dispose(disposing);
    }
}
