using System.Data.Common;
using System.Text;

namespace Errand.Storage.Sqlite;

/// <summary>
/// The app's own database, through the app's own connection and within its transaction. Through ADO.NET's base classes only: which provider made the connection is the app's affair.
/// </summary>
internal sealed class CallerDatabase
{
    private static readonly string Create = TextOf("create");
    private static readonly string Find = TextOf("find");
    private static readonly string Insert = TextOf("insert");

    private readonly DbTransaction _transaction;
    private readonly DbConnection _connection;

    private CallerDatabase(DbTransaction transaction, DbConnection connection, string file) => (_transaction, _connection, File) = (transaction, connection, file);

    /// <summary>Its file, whole and without links.</summary>
    public string File { get; }

    /// <exception cref="ArgumentException">The transaction is over, or of a database that keeps no outbox.</exception>
    public static async ValueTask<CallerDatabase> OfAsync(DbTransaction transaction, long ownApplicationId)
    {
        if (transaction.GetType().FullName?.Contains("sqlite", StringComparison.OrdinalIgnoreCase) is not true)
        {
            throw Refused(transaction, $"It is a {transaction.GetType().Name}; this store takes transactions of SQLite (Microsoft.Data.Sqlite), as the jobs wait in the app's own SQLite file until it commits.");
        }

        if (transaction.Connection is not { } connection) throw Refused(transaction, "It is over already: submit before it commits.");
        var database = new CallerDatabase(transaction, connection, "");
        if (await database.ScalarAsync("PRAGMA application_id") is long id && id == ownApplicationId)
        {
            throw Refused(transaction, "It is on Errand's own database, which has one writer. Keep the app's tables in a file of their own; jobs and rows commit together there.");
        }

        var file = await database.ScalarAsync("SELECT file FROM pragma_database_list WHERE name = 'main'") as string;
        return string.IsNullOrEmpty(file)
            ? throw Refused(transaction, "Its database is in memory or temporary, where jobs cannot wait for it to commit. Use a database in a file.")
            : new CallerDatabase(transaction, connection, file);
    }

    /// <summary>A job that waits in the outbox and is in the way of this one; null when none is.</summary>
    public async ValueTask<JobHead?> FindAsync(JobHead head)
    {
        await ExecuteAsync(Create);
        await using var command = Command(Find, ("@tenant", head.Tenant), ("@id", head.Id.ToString()), ("@key", head.UniqueKey));
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        if (!await reader.ReadAsync(CancellationToken.None)) return null;
        var key = reader.IsDBNull(1) ? null : reader.GetString(1);
        return OutboxDocument.Read(reader.GetString(2)).Head(head.Tenant, JobId.Parse(reader.GetString(0)), key);
    }

    public ValueTask AddAsync(NewJob job) => ExecuteAsync(
        Insert,
        ("@format", OutboxDocument.Format), ("@tenant", job.Head.Tenant), ("@id", job.Head.Id.ToString()), ("@key", job.Head.UniqueKey), ("@job", OutboxDocument.Of(job).Write()),
        ("@input", BytesOf(job.Input.Json)), ("@items", BytesOf(job.Input.Items)));

    private async ValueTask<object?> ScalarAsync(string text)
    {
        await using var command = Command(text);
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }

    private async ValueTask ExecuteAsync(string text, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(text, parameters);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private DbCommand Command(string text, params (string Name, object? Value)[] parameters)
    {
        var command = _connection.CreateCommand();
        (command.CommandText, command.Transaction) = (text, _transaction);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static byte[]? BytesOf(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : bytes.ToArray();

    private static string TextOf(string statement) => Encoding.UTF8.GetString(Sql.Of("outbox", statement).Text);

    private static ArgumentException Refused(DbTransaction transaction, string why) => new($"The job cannot be submitted in this transaction. {why}", nameof(transaction));
}
