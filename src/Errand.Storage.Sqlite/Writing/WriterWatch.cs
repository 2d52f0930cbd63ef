using Microsoft.Extensions.Logging;

namespace Errand.Storage.Sqlite;

/// <summary>Ties the writer to the log, the disk and the sessions.</summary>
internal sealed class WriterWatch(
    WriterTurns turns, LogKeeper log, DiskGuard disk, SessionTerms sessions, ILogger logger, DataFolder folder) : IWriterWatch
{
    public bool RefusesGrowth => disk.IsShort;

    public IDisposable TakeTurn() => turns.Take();

    public void BeforeCommit(Connection db) => sessions.Save(db);

    public void Wrote(int pages) => log.Wrote(pages);

    public bool DiskIsFull()
    {
        SqliteLog.DiskFull(logger, folder.Root);
        return disk.GiveUpReserve();
    }
}
