using System.Text;
using SQLitePCL;

namespace Errand.Storage.Sqlite;

/// <summary>
/// A prepared statement. Parameters are bound and columns read in the order in which they stand in the text, so that neither needs a
/// name or number.
/// </summary>
internal sealed class Statement(Connection connection, sqlite3 db, sqlite3_stmt handle, int index) : IDisposable
{
    private int _parameter;
    private int _column;

    /// <summary>The next idle statement of the same text, while this one is idle.</summary>
    internal Statement? Next { get; set; }

    public Statement Bind(long value)
    {
        raw.sqlite3_bind_int64(handle, ++_parameter, value);
        return this;
    }

    public Statement Bind(int value) => Bind((long)value);

    public Statement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public Statement Bind(int? value) => value is { } number ? Bind(number) : BindNull();

    public Statement Bind(bool value) => Bind(value ? 1 : 0);

    public Statement Bind(DateTimeOffset value) => Bind(value.UtcTicks);

    public Statement Bind(DateTimeOffset? value) => Bind(value?.UtcTicks);

    public Statement Bind(TimeSpan? value) => Bind(value?.Ticks);

    public Statement Bind(SessionId? value) => value is { } session ? Bind(session.Value) : BindNull();

    public Statement Bind(double? value)
    {
        if (value is not { } number) return BindNull();
        raw.sqlite3_bind_double(handle, ++_parameter, number);
        return this;
    }

    public Statement Bind(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        raw.sqlite3_bind_blob(handle, ++_parameter, bytes);
        return this;
    }

    /// <summary>Binds text; a lone surrogate becomes U+FFFD.</summary>
    public Statement Bind(string? value)
    {
        if (value is null) return BindNull();
        if (value.Length is 0 or > 128)
        {
            raw.sqlite3_bind_text(handle, ++_parameter, value);
            return this;
        }

        Span<byte> bytes = stackalloc byte[3 * 128];
        raw.sqlite3_bind_text(handle, ++_parameter, bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
        return this;
    }

    /// <summary>Binds bytes; none are bound as NULL.</summary>
    public Statement Bind(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return BindNull();
        raw.sqlite3_bind_blob(handle, ++_parameter, value);
        return this;
    }

    /// <summary>Binds bytes; none are bound as an empty blob, for columns that are never NULL.</summary>
    public Statement BindBlob(ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty) return Bind(value);
        raw.sqlite3_bind_zeroblob(handle, ++_parameter, 0);
        return this;
    }

    public Statement BindNull()
    {
        raw.sqlite3_bind_null(handle, ++_parameter);
        return this;
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Step()
    {
        _column = 0;
        var result = raw.sqlite3_step(handle);
        return result switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw SqliteError.From(result, db),
        };
    }

    /// <summary>Runs to the end and is ready to be bound again. Returns how many rows it changed.</summary>
    public int Run()
    {
        while (Step())
        {
        }

        Reset();
        return connection.Changes;
    }

    /// <summary>Makes ready to be bound again.</summary>
    public void Reset()
    {
        raw.sqlite3_reset(handle);
        _parameter = 0;
    }

    public long Int64() => raw.sqlite3_column_int64(handle, _column++);

    public int Int32() => (int)Int64();

    public bool Bool() => Int64() != 0;

    public DateTimeOffset Time() => new(Int64(), TimeSpan.Zero);

    public Guid Guid() => new(raw.sqlite3_column_blob(handle, _column++), bigEndian: true);

    public double Double() => raw.sqlite3_column_double(handle, _column++);

    public string Text() => raw.sqlite3_column_text(handle, _column++).utf8_to_string();

    public bool IsNull() => raw.sqlite3_column_type(handle, _column) == raw.SQLITE_NULL;

    public void Skip(int columns) => _column += columns;

    public long? Int64OrNull() => NextIsNull() ? null : Int64();

    public int? Int32OrNull() => NextIsNull() ? null : Int32();

    public double? DoubleOrNull() => NextIsNull() ? null : Double();

    public DateTimeOffset? TimeOrNull() => NextIsNull() ? null : Time();

    public TimeSpan? SpanOrNull() => NextIsNull() ? null : TimeSpan.FromTicks(Int64());

    public string? TextOrNull() => NextIsNull() ? null : Text();

    public SessionId? SessionOrNull() => NextIsNull() ? null : new SessionId(Guid());

    /// <summary>The bytes until the next step; empty for NULL.</summary>
    public ReadOnlySpan<byte> Bytes() => raw.sqlite3_column_blob(handle, _column++);

    /// <summary>A copy of the bytes; empty for NULL.</summary>
    public ReadOnlyMemory<byte> Memory() => Bytes() is { IsEmpty: false } bytes ? bytes.ToArray() : ReadOnlyMemory<byte>.Empty;

    /// <summary>The whole row, whatever its columns are. What another database would not take for text – NUL – becomes U+FFFD.</summary>
    public object?[] Values()
    {
        var values = new object?[raw.sqlite3_column_count(handle)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = raw.sqlite3_column_type(handle, i) switch
            {
                raw.SQLITE_NULL => null,
                raw.SQLITE_INTEGER => raw.sqlite3_column_int64(handle, i),
                raw.SQLITE_FLOAT => raw.sqlite3_column_double(handle, i),
                raw.SQLITE_TEXT => raw.sqlite3_column_text(handle, i).utf8_to_string().Replace('\0', '\uFFFD'),
                _ => raw.sqlite3_column_blob(handle, i).ToArray(),
            };
        }

        return values;
    }

    /// <summary>Gives the statement back to its connection.</summary>
    public void Dispose()
    {
        Reset();
        connection.Return(this, index);
    }

    internal void Finish() => handle.Dispose();

    private bool NextIsNull()
    {
        if (!IsNull()) return false;
        _column++;
        return true;
    }
}
