using System.Data.Common;
using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Writes jobs within a transaction of the app, on the app's connection. Everything happens behind a savepoint, so that what goes wrong here can be gone on from. The app's own time-outs and
/// isolation hold; none of ours is set, for it would last until the commit.
/// </summary>
internal sealed class Enlisting(Database database, SubmitWrites writes)
{
    private static readonly Sql Savepoint = Sql.Of("enlist", "savepoint");
    private static readonly Sql Return = Sql.Of("enlist", "return");
    private static readonly Sql Release = Sql.Of("enlist", "release");
    private static readonly Sql ReadDatabase = Sql.Of("enlist", "database");
    private static readonly Sql ReadTransaction = Sql.Of("enlist", "transaction");

    private string? _database;

    public async ValueTask<Enlistment> RunAsync(JobBatch batch, DbTransaction transaction)
    {
        var connection = ConnectionOf(transaction);
        _database ??= await database.ReadAsync(ask => ask.Add(ReadDatabase), results => results.FirstAsync(row => row.Text()));
        await database.Lanes.EnsureAsync(batch.Jobs.Select(job => job.Head));
        await using var session = database.Borrow(connection);
        await RunAsync(session, Savepoint);
        try
        {
            if (await ReadAsync(session, ReadDatabase) != _database) throw Refused(transaction, $"It is on another database than the jobs, which lie on {database.Server}.");
            var outcome = await Collisions.TryAgainAsync(() => WriteAsync(session, batch));
            var name = outcome.Kind is BatchKind.Stored ? await ReadAsync(session, ReadTransaction) : null;
            await RunAsync(session, Release);
            return new PostgreSqlEnlistment(database, name, outcome.Jobs);
        }
        catch (Exception exception) when (exception is StorageException or ArgumentException)
        {
            await GiveUpAsync(session);
            throw;
        }
    }

    private async ValueTask<BatchOutcome> WriteAsync(Session session, JobBatch batch)
    {
        await RunAsync(session, Return);
        var sight = await SubmitSight.ReadAsync(session, [batch]);
        var decisions = new SubmitDecisions(sight);
        var outcome = decisions.Decide(batch);
        if (decisions.New.Count > 0) await RunAsync(session, writes.AddTo(session.NewBatch(), batch.AsOf, decisions));
        return outcome;
    }

    private static async ValueTask GiveUpAsync(Session session)
    {
        try
        {
            await RunAsync(session, Return);
            await RunAsync(session, Release);
        }
        catch (StorageException)
        {
            // The connection is gone, and the app's transaction with it.
        }
    }

    private static ValueTask<bool> RunAsync(Session session, Sql statement)
    {
        var batch = session.NewBatch();
        batch.Add(statement);
        return RunAsync(session, batch);
    }

    private static ValueTask<bool> RunAsync(Session session, Batch batch) => session.RunAsync(batch, async results =>
    {
        await results.DrainAsync();
        return true;
    });

    private static ValueTask<string?> ReadAsync(Session session, Sql statement)
    {
        var batch = session.NewBatch();
        batch.Add(statement);
        return session.RunAsync(batch, results => results.FirstAsync(row => row.Text()));
    }

    private static NpgsqlConnection ConnectionOf(DbTransaction transaction)
    {
        if (transaction is not NpgsqlTransaction npgsql)
        {
            throw Refused(transaction, $"It is a {transaction.GetType().Name}; this store takes transactions of Npgsql, on the database that the jobs lie in.");
        }

        try
        {
            return npgsql.Connection ?? throw Over(transaction);
        }
        catch (ObjectDisposedException)
        {
            throw Over(transaction);
        }
    }

    private static ArgumentException Over(DbTransaction transaction) => Refused(transaction, "It is over already: submit before it commits.");

    private static ArgumentException Refused(DbTransaction transaction, string why) => new($"The job cannot be submitted in this transaction. {why}", nameof(transaction));
}
