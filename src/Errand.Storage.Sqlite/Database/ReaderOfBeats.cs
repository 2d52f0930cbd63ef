namespace Errand.Storage.Sqlite;

/// <summary>A connection for heartbeats alone, so that none ever waits for a reader. Reads on the calling thread.</summary>
internal sealed class ReaderOfBeats(Connection db, StorageFaults faults) : IDisposable
{
    private readonly Lock _gate = new();

    public T Read<T>(Func<Connection, T> read)
    {
        lock (_gate)
        {
            try
            {
                return read(db);
            }
            catch (SqliteError error)
            {
                throw faults.Translate(error);
            }
        }
    }

    public void Dispose() => db.Dispose();
}
