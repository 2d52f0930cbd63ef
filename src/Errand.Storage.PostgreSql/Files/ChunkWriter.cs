namespace Errand.Storage.PostgreSql;

/// <summary>A new file that is only written.</summary>
internal sealed class ChunkWriter(Database database, string location, DateTimeOffset stagedAt) : Stream
{
    public const int ChunkBytes = 256 * 1024;

    private static readonly Sql InsertChunk = Sql.Of("files", "insert_chunk");

    private readonly byte[] _chunk = new byte[ChunkBytes];
    private int _filled;
    private long _length;

    public int Chunks { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = Math.Min(buffer.Length, ChunkBytes - _filled);
            buffer[..part].CopyTo(_chunk.AsMemory(_filled));
            (_filled, _length, buffer) = (_filled + part, _length + part, buffer[part..]);
            if (_filled == ChunkBytes) await EndAsync();
        }
    }

    /// <summary>Stores what is not stored yet.</summary>
    public async ValueTask EndAsync()
    {
        if (_filled == 0) return;
        await database.CommitAsync(batch => batch.Add(InsertChunk).With(location).With(Chunks).With(stagedAt).With(_chunk.AsSpan(0, _filled).ToArray()));
        Chunks++;
        _filled = 0;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
