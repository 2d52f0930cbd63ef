using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>Asks the server how the transaction is, by its number: the driver's own object is used again for the next one.</summary>
/// <param name="database">Where it is.</param>
/// <param name="transaction">Its number; null when nothing was written.</param>
/// <param name="jobs">What became of the jobs.</param>
internal sealed class PostgreSqlEnlistment(Database database, string? transaction, IReadOnlyList<SubmitOutcome> jobs) : Enlistment
{
    private const string InProgress = "in progress";

    private static readonly Sql Status = Sql.Of("enlist", "status");

    public override IReadOnlyList<SubmitOutcome> Jobs => jobs;

    public override async ValueTask<bool> HasEndedAsync(CancellationToken cancellationToken)
    {
        if (transaction is null) return true;
        try
        {
            return await database.ReadAsync(ask => ask.Add(Status).With(transaction), results => results.FirstAsync(row => row.TextOrNull())) != InProgress;
        }
        catch (StorageException exception)
        {
            // A server that answers with an error knows no such transaction: another one took over, or it is long ago.
            return exception.InnerException is PostgresException;
        }
    }
}
