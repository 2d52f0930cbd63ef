using System.Diagnostics;

namespace Errand.Storage.Sqlite;

/// <summary>
/// The one writer: a thread of its own that runs whatever came meanwhile in one transaction, and tells nobody before the commit returned.
/// </summary>
/// <remarks>
/// Operations are not fenced off by savepoints, which would cost each of them. When one throws, the whole transaction is rolled back and
/// every operation of it is run again in a transaction of its own: only the one to blame fails.
/// </remarks>
internal sealed class Writer : IDisposable
{
    private const int RowsPerTransaction = 4_000;

    private static readonly Sql Begin = Sql.Of("transaction", "begin");
    private static readonly Sql Commit = Sql.Of("transaction", "commit");
    private static readonly Sql Rollback = Sql.Of("transaction", "rollback");

    private readonly WriteQueue _queue = new();
    private readonly Connection _db;
    private readonly Ledger _ledger;
    private readonly StorageFaults _faults;
    private readonly IWriterWatch _watch;
    private readonly SeenJobs? _seen;
    private readonly Transaction _transaction;
    private readonly Thread _thread;

    public Writer(Connection db, Ledger ledger, StorageFaults faults, IWriterWatch watch, SeenJobs? seen)
    {
        (_db, _ledger, _faults, _watch, _seen) = (db, ledger, faults, watch, seen);
        _transaction = new Transaction(db, ledger);
        _thread = new Thread(Work) { Name = "errand sqlite writer", IsBackground = true };
        _thread.Start();
    }

    /// <param name="act">What to write. Run on the writer's thread, possibly twice.</param>
    /// <param name="cancellationToken">Honoured until the operation is run.</param>
    /// <param name="rows">About how many rows it writes.</param>
    /// <param name="grows">Whether it is refused while the disk is full.</param>
    public ValueTask<T> WriteAsync<T>(Func<Transaction, T> act, CancellationToken cancellationToken, int rows = 1, bool grows = false)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellationToken);
        var operation = new WriteOperation<T>(act, rows, grows, cancellationToken);
        return _queue.TryAdd(operation) ? new ValueTask<T>(operation.Done) : ValueTask.FromException<T>(_faults.Closed());
    }

    /// <summary>Ends after everything that was queued is written.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        _db.Dispose();
    }

    private void Work()
    {
        var operations = new List<WriteOperation>();
        while (_queue.TakeAll(ref operations))
        {
            for (var start = 0; start < operations.Count;)
            {
                var end = EndOfGroup(operations, start);
                WriteTogether(operations.GetRange(start, end - start));
                start = end;
            }

            operations.Clear();
        }
    }

    private static int EndOfGroup(List<WriteOperation> operations, int start)
    {
        var (end, rows) = (start, 0);
        do rows += operations[end++].Rows;
        while (end < operations.Count && rows + operations[end].Rows <= RowsPerTransaction);
        return end;
    }

    private void WriteTogether(List<WriteOperation> group)
    {
        group.RemoveAll(IsTurnedAway);
        if (group.Count == 0) return;

        var failure = TryWrite(group);
        if (IsFull(failure) && _watch.DiskIsFull()) failure = TryWrite(group);
        if (failure is null)
        {
            foreach (var operation in group) operation.Complete();
        }
        else if (group.Count > 1 && failure is not OutcomeUnknownException)
        {
            foreach (var operation in group) WriteTogether([operation]);
        }
        else
        {
            foreach (var operation in group) operation.Fail(failure);
        }

        _watch.Wrote(_db.TakePagesWritten());
    }

    private bool IsTurnedAway(WriteOperation operation)
    {
        if (operation.IsCanceled) operation.Cancel();
        else if (operation.Grows && _watch.RefusesGrowth) operation.Fail(_faults.Full());
        else return false;
        return true;
    }

    /// <summary>Returns why nothing was written, or null.</summary>
    private Exception? TryWrite(List<WriteOperation> group)
    {
        try
        {
            using var turn = _watch.TakeTurn();
            Write(group);
            return null;
        }
        catch (SqliteError error)
        {
            return _faults.Translate(error);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception;
        }
    }

    private static bool IsFull(Exception? failure) => failure is StorageException { Fault: StorageFault.Full };

    private void Write(List<WriteOperation> group)
    {
        var since = SqliteMetrics.WantsCommits ? Stopwatch.GetTimestamp() : 0;
        _db.Run(Begin);
        try
        {
            foreach (var operation in group) operation.Run(_transaction);
            _watch.BeforeCommit(_db);
            _ledger.Save(_db);
            CommitOrExplain();
            _ledger.Committed();
            if (since != 0) SqliteMetrics.Committed(group.Count, Stopwatch.GetElapsedTime(since));
        }
        catch
        {
            SqliteMetrics.RolledBack();
            if (_db.InTransaction) _db.Run(Rollback);
            _ledger.RolledBack();
            throw;
        }
        finally
        {
            // Also when nobody knows whether the commit is on disk.
            _seen?.TransactionEnded();
        }
    }

    private void CommitOrExplain()
    {
        try
        {
            _db.Run(Commit);
        }
        catch (SqliteError error)
        {
            throw _faults.TranslateCommit(error);
        }
    }
}
