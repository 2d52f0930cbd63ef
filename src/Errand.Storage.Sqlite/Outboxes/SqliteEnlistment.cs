using System.Data.Common;

namespace Errand.Storage.Sqlite;

/// <summary>Does not keep the transaction alive: one that was dropped without an end is over.</summary>
internal sealed class SqliteEnlistment(DbTransaction transaction, IReadOnlyList<SubmitOutcome> jobs) : Enlistment
{
    private readonly WeakReference<DbTransaction> _transaction = new(transaction);

    public override IReadOnlyList<SubmitOutcome> Jobs => jobs;

    public override ValueTask<bool> HasEndedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new(!_transaction.TryGetTarget(out var open) || open.Connection is null);
        }
        catch (ObjectDisposedException)
        {
            return new(true);
        }
    }
}
