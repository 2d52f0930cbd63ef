using Npgsql;
using NpgsqlTypes;

namespace Errand.Storage.PostgreSql;

/// <summary>Statements that travel together: one round trip, and one transaction unless one is open already.</summary>
internal sealed class Batch(NpgsqlConnection connection, SchemaName schema) : IAsyncDisposable
{
    private readonly NpgsqlBatch _batch = connection.CreateBatch();

    public NpgsqlBatch Npgsql => _batch;

    public int Count => _batch.BatchCommands.Count;

    /// <summary>How many lists of rows come before those that are read.</summary>
    public int Unread { get; private set; }

    /// <summary>Adds a statement, before all others that give rows, of which nobody reads what it gives.</summary>
    public void AddUnread(Sql sql)
    {
        Add(sql);
        Unread++;
    }

    public Call Add(Sql sql)
    {
        var command = new NpgsqlBatchCommand(schema.TextOf(sql));
        _batch.BatchCommands.Add(command);
        return new Call(command);
    }

    /// <summary>Adds a statement that is made for this once, whose text is not kept.</summary>
    public Call AddOnce(Sql sql)
    {
        var command = new NpgsqlBatchCommand(schema.Place(sql.Text));
        _batch.BatchCommands.Add(command);
        return new Call(command);
    }

    public ValueTask DisposeAsync() => _batch.DisposeAsync();
}

/// <summary>A statement whose parameters are given one after the other.</summary>
internal readonly struct Call(NpgsqlBatchCommand command)
{
    public NpgsqlBatchCommand Command => command;

    public Call With(long value) => Typed(value);

    public Call With(int value) => Typed(value);

    public Call With(short value) => Typed(value);

    public Call With(bool value) => Typed(value);

    public Call With(Guid value) => Typed(value);

    public Call With(DateTimeOffset value) => Typed(value.UtcTicks);

    public Call With(DateTimeOffset? value) => With(value?.UtcTicks);

    public Call With(long? value) => Boxed(value, NpgsqlDbType.Bigint);

    public Call With(int? value) => Boxed(value, NpgsqlDbType.Integer);

    public Call With(short? value) => Boxed(value, NpgsqlDbType.Smallint);

    public Call With(double? value) => Boxed(value, NpgsqlDbType.Double);

    public Call With(string? value) => Boxed(value, NpgsqlDbType.Text);

    public Call With(byte[]? value) => Boxed(value, NpgsqlDbType.Bytea);

    public Call With(IEnumerable<long> values) => Array(values.ToArray(), NpgsqlDbType.Bigint);

    public Call With(IEnumerable<int> values) => Array(values.ToArray(), NpgsqlDbType.Integer);

    public Call With(IEnumerable<short> values) => Array(values.ToArray(), NpgsqlDbType.Smallint);

    public Call With(IEnumerable<bool> values) => Array(values.ToArray(), NpgsqlDbType.Boolean);

    public Call With(IEnumerable<Guid> values) => Array(values.ToArray(), NpgsqlDbType.Uuid);

    public Call With(IEnumerable<long?> values) => Array(values.ToArray(), NpgsqlDbType.Bigint);

    public Call With(IEnumerable<int?> values) => Array(values.ToArray(), NpgsqlDbType.Integer);

    public Call With(IEnumerable<string?> values) => Array(values.ToArray(), NpgsqlDbType.Text);

    public Call With(IEnumerable<byte[]?> values) => Array(values.ToArray(), NpgsqlDbType.Bytea);

    private Call Typed<T>(T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return this;
    }

    private Call Boxed(object? value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return this;
    }

    private Call Array<T>(T[] values, NpgsqlDbType element)
    {
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element });
        return this;
    }
}
