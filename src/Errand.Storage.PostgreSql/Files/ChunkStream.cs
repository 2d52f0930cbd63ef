namespace Errand.Storage.PostgreSql;

/// <summary>A published file, read a chunk at a time.</summary>
internal sealed class ChunkStream(Database database, string location, long length) : Stream
{
    private static readonly Sql ReadChunk = Sql.Of("files", "read_chunk");

    private byte[] _chunk = [];
    private long _number = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Position >= length || buffer.IsEmpty) return 0;
        var (number, start) = (Position / ChunkWriter.ChunkBytes, (int)(Position % ChunkWriter.ChunkBytes));
        if (number != _number) await LoadAsync(number);
        var part = Math.Min(buffer.Length, _chunk.Length - start);
        if (part <= 0) throw new IOException($"The file {location} was deleted while it was read.");
        _chunk.AsMemory(start, part).CopyTo(buffer);
        Position += part;
        return part;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask LoadAsync(long number)
    {
        _chunk = await database.ReadAsync(
            batch => batch.Add(ReadChunk).With(location).With((int)number), results => results.FirstAsync(row => row.Bytes())) ?? [];
        _number = number;
    }
}
