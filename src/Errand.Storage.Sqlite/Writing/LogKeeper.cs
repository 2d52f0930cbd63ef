using SQLitePCL;

namespace Errand.Storage.Sqlite;

/// <summary>
/// Copies the log into the database file on a thread of its own, beside the writer. Under steady writing such a copy never catches up, and
/// the log would grow for ever: past a size, the small rest is copied while the writer waits, so that the log begins anew.
/// </summary>
internal sealed class LogKeeper : IDisposable
{
    private const long PageSize = 4096;

    private readonly LogSizes _sizes;
    private readonly Connection _db;
    private readonly WriterTurns _turns;
    private readonly Action<SqliteError> _failed;
    private readonly Thread _thread;
    private readonly object _door = new();
    private long _pages;
    private bool _closed;

    public LogKeeper(Connection db, LogSizes sizes, WriterTurns turns, Action<SqliteError> failed)
    {
        (_db, _sizes, _turns, _failed) = (db, sizes, turns, failed);
        _thread = new Thread(Work) { Name = "errand sqlite log", IsBackground = true };
        _thread.Start();
    }

    public void Wrote(int pages)
    {
        lock (_door)
        {
            _pages += pages;
            if (_pages * PageSize >= _sizes.Copy) Monitor.Pulse(_door);
        }
    }

    /// <summary>Ends the thread, and with it the copying. The connection that closes last copies what is left.</summary>
    public void Dispose()
    {
        lock (_door)
        {
            _closed = true;
            Monitor.Pulse(_door);
        }

        _thread.Join();
        _db.Dispose();
    }

    private void Work()
    {
        while (WaitForPages())
        {
            try
            {
                Copy();
            }
            catch (SqliteError error)
            {
                _failed(error);
            }
        }
    }

    private bool WaitForPages()
    {
        lock (_door)
        {
            while (_pages * PageSize < _sizes.Copy && !_closed) Monitor.Wait(_door);
            _pages = 0;
            return !_closed;
        }
    }

    private void Copy()
    {
        if (!_db.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE, out var logPages, out _) || logPages * PageSize < _sizes.BeginAnew) return;
        var mode = logPages * PageSize < _sizes.Long ? raw.SQLITE_CHECKPOINT_RESTART : raw.SQLITE_CHECKPOINT_TRUNCATE;
        _turns.Between(() => _db.Checkpoint(mode, out _, out _));
    }
}
