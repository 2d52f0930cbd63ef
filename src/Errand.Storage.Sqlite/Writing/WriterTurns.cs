namespace Errand.Storage.Sqlite;

/// <summary>
/// Lets others in between two transactions of the writer, which is otherwise back at the door before SQLite's own lock lets anyone else in.
/// </summary>
internal sealed class WriterTurns : IDisposable
{
    private readonly object _door = new();
    private int _visitors;

    /// <summary>Waits for the writer's turn; disposing ends it.</summary>
    public IDisposable Take()
    {
        Monitor.Enter(_door);
        while (_visitors > 0) Monitor.Wait(_door);
        return this;
    }

    public void Dispose() => Monitor.Exit(_door);

    /// <summary>Acts while the writer waits.</summary>
    public void Between(Action act)
    {
        Interlocked.Increment(ref _visitors);
        lock (_door)
        {
            try
            {
                act();
            }
            finally
            {
                Interlocked.Decrement(ref _visitors);
                Monitor.PulseAll(_door);
            }
        }
    }
}
