using System.Collections.Concurrent;

namespace Errand.Storage.Sqlite;

/// <summary>
/// A few read-only connections. A read runs on the calling thread, for it takes microseconds; callers wait only when all are in use.
/// </summary>
internal sealed class Readers(Func<Connection> open, StorageFaults faults, int most) : IDisposable
{
    private readonly ConcurrentStack<Connection> _idle = [];
    private readonly SemaphoreSlim _free = new(most, most);
    private volatile bool _closed;

    public async ValueTask<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return _closed ? throw faults.Closed() : Read(read);
        }
        catch (SqliteError error)
        {
            throw faults.Translate(error);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads that are under way; those that still wait are told that the store is closed.</summary>
    public void Dispose()
    {
        for (var i = 0; i < most; i++) _free.Wait();
        _closed = true;
        while (_idle.TryPop(out var connection)) connection.Dispose();
        _free.Release(most);
    }

    private T Read<T>(Func<Connection, T> read)
    {
        if (!_idle.TryPop(out var connection)) connection = open();
        var fit = false;
        try
        {
            var result = read(connection);
            fit = true;
            return result;
        }
        finally
        {
            // What failed may be left within a transaction: it is not used again.
            if (fit) _idle.Push(connection);
            else connection.Dispose();
        }
    }
}
