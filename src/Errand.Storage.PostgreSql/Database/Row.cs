using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>The current row of a reader, read column by column from left to right.</summary>
internal sealed class Row(NpgsqlDataReader reader)
{
    private int _column;

    public void Start() => _column = 0;

    public void Skip(int columns) => _column += columns;

    /// <summary>Whether the next column is NULL. It stays the next one.</summary>
    public bool IsNull() => reader.IsDBNull(_column);

    public long Int64() => reader.GetInt64(_column++);

    public int Int32() => reader.GetInt32(_column++);

    public short Int16() => reader.GetInt16(_column++);

    public bool Bool() => reader.GetBoolean(_column++);

    public string Text() => reader.GetString(_column++);

    public Guid Guid() => reader.GetGuid(_column++);

    public byte[] Bytes() => reader.GetFieldValue<byte[]>(_column++);

    public DateTimeOffset Time() => new(Int64(), TimeSpan.Zero);

    public long? Int64OrNull() => Null() ? null : Int64();

    public int? Int32OrNull() => Null() ? null : Int32();

    public double? DoubleOrNull() => Null() ? null : reader.GetDouble(_column++);

    public string? TextOrNull() => Null() ? null : Text();

    public byte[]? BytesOrNull() => Null() ? null : Bytes();

    public SessionId? SessionOrNull() => Null() ? null : new SessionId(Guid());

    public DateTimeOffset? TimeOrNull() => Null() ? null : Time();

    public TimeSpan? SpanOrNull() => Null() ? null : TimeSpan.FromTicks(Int64());

    private bool Null()
    {
        if (!reader.IsDBNull(_column)) return false;
        _column++;
        return true;
    }
}
