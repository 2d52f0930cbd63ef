using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>Takes over what another store held, by COPY and in one transaction, and gives what this one holds.</summary>
internal sealed class PostgreSqlTransfer(Database database) : IStorageTransfer
{
    private static readonly Sql IsEmpty = Sql.Of("transfer", "is_empty");
    private static readonly Sql Hold = Sql.Of("empty", "hold");

    public async ValueTask<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(batch => batch.Add(IsEmpty), results => results.FirstAsync(row => row.Bool()));

    public async IAsyncEnumerable<TransferRow> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenLastingAsync(cancellationToken);
        await using var sight = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

        // Before the snapshot is taken, which the first read does: a table that is emptied after that would look empty in it.
        await using (var hold = new NpgsqlCommand(database.Schema.TextOf(Hold), connection)) await hold.ExecuteNonQueryAsync(cancellationToken);
        foreach (var table in TransferTable.All)
        {
            await using var select = new NpgsqlCommand(database.Schema.Place(table.Select), connection) { CommandTimeout = 0 };
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var values = new object?[reader.FieldCount];
                for (var i = 0; i < values.Length; i++) values[i] = TransferTable.Normalize(reader.GetValue(i));
                yield return new TransferRow(table.Name, values);
            }
        }
    }

    public async ValueTask ImportAsync(IAsyncEnumerable<TransferRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenLastingAsync(cancellationToken);
            var doubt = "";
            connection.Notice += (_, args) => doubt = args.Notice.SqlState == "01000" ? args.Notice.MessageText : doubt;
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await new Import(connection, database.Schema).RunAsync(rows, RefuseUnlessEmptyAsync, cancellationToken);

            // Not to be cancelled, and waited for however long it takes.
            await using var commit = new NpgsqlCommand("COMMIT", connection) { CommandTimeout = 0 };
            await commit.ExecuteNonQueryAsync(CancellationToken.None);
            if (doubt.Length > 0) throw database.Faults.NotReplicated(doubt);

            async Task RefuseUnlessEmptyAsync()
            {
                await using var ask = new NpgsqlCommand(database.Schema.TextOf(IsEmpty), connection);
                if (await ask.ExecuteScalarAsync(cancellationToken) is true) return;
                throw new StorageException(
                    StorageFault.Locked, $"The schema {database.Schema.Quoted} on {database.Server} is in use: it holds jobs, files or tokens. Name another one.");
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw database.Faults.Translate(exception);
        }
    }
}
