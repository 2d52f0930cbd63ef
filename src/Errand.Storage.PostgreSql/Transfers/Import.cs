using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Errand.Storage.PostgreSql;

/// <summary>Rows into tables, within a transaction of the caller's.</summary>
internal sealed class Import(NpgsqlConnection connection, SchemaName schema)
{
    private static readonly Sql Begin = Sql.Of("import", "begin");
    private static readonly Sql Ranges = Sql.Of("import", "ranges");
    private static readonly Sql End = Sql.Of("import", "end");
    private static readonly Dictionary<string, TransferTable> Tables =
        TransferTable.All.Append(TransferTable.Sessions).ToDictionary(table => table.Name, StringComparer.Ordinal);

    private NpgsqlBinaryImporter? _copy;
    private TransferTable? _table;
    private bool _hasRanges;

    /// <param name="rows">The rows, those of a table together.</param>
    /// <param name="check">Called once nobody else can write any more.</param>
    /// <param name="stop">Gives up.</param>
    public async Task RunAsync(IAsyncEnumerable<TransferRow> rows, Func<Task> check, CancellationToken stop)
    {
        await RunAsync(schema.TextOf(Begin), stop);
        await check();
        var sequences = new List<(string Name, long Value)>();
        try
        {
            await foreach (var row in rows.WithCancellation(stop))
            {
                if (row.Table == TransferRow.SequencesTable) sequences.Add(((string)row.Values[0]!, (long)row.Values[1]!));
                else if (row.Table != TransferRow.MissingTable) await CopyAsync(row, stop);
            }

            await EndCopyAsync(stop);
        }
        finally
        {
            if (_copy is not null) await _copy.DisposeAsync();
        }

        await RunAsync(schema.TextOf(End), stop);
        foreach (var (name, value) in sequences)
        {
            await RunAsync(schema.Place(string.Create(
                CultureInfo.InvariantCulture, $"SELECT setval('errand.{(name == "token" ? "token" : "job")}_sequence', {Math.Max(1, value)})")), stop);
        }
    }

    private async ValueTask CopyAsync(TransferRow row, CancellationToken stop)
    {
        if (_table?.Name != row.Table)
        {
            await EndCopyAsync(stop);
            _table = Tables.GetValueOrDefault(row.Table)
                ?? throw new StorageException(StorageFault.TooNew, $"The other store holds '{row.Table}', which this release does not know. Run the newer release.");
            if (!_hasRanges && JobRange.Tables.Contains(row.Table))
            {
                // The jobs came before.
                await RunAsync(schema.TextOf(Ranges), stop);
                _hasRanges = true;
            }

            if (_table.Into is not null) _copy = await connection.BeginBinaryImportAsync(schema.Place(_table.CopyCommand), stop);
        }

        if (_copy is null) return;
        await _copy.StartRowAsync(stop);
        for (var i = 0; i < row.Values.Count; i++)
        {
            var type = _table.Columns[i].Type;
            if (row.Values[i] is { } value) await WriteAsync(_copy, TransferTable.Convert(value, type), type, stop);
            else await _copy.WriteNullAsync(stop);
        }
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object value, NpgsqlDbType type, CancellationToken stop) => value switch
    {
        long number => copy.WriteAsync(number, type, stop),
        int number => copy.WriteAsync(number, type, stop),
        short number => copy.WriteAsync(number, type, stop),
        bool yes => copy.WriteAsync(yes, type, stop),
        double number => copy.WriteAsync(number, type, stop),
        Guid id => copy.WriteAsync(id, type, stop),
        string text => copy.WriteAsync(text, type, stop),
        _ => copy.WriteAsync((byte[])value, type, stop),
    };

    private async ValueTask EndCopyAsync(CancellationToken stop)
    {
        if (_copy is not null)
        {
            await _copy.CompleteAsync(stop);
            await _copy.DisposeAsync();
        }

        _copy = null;
    }

    private async Task RunAsync(string text, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(stop);
    }
}
