namespace Errand.Storage.Sqlite;

/// <summary>What the writer asks and tells those who look after the log and the disk.</summary>
internal interface IWriterWatch
{
    /// <summary>True while only settles still fit.</summary>
    bool RefusesGrowth { get; }

    /// <summary>Waits for the right to write; disposing it gives the right back.</summary>
    IDisposable TakeTurn();

    /// <summary>So many pages were added to the log.</summary>
    void Wrote(int pages);

    /// <summary>The last act within each transaction.</summary>
    void BeforeCommit(Connection db);

    /// <summary>A write did not fit. True when there is more room now.</summary>
    bool DiskIsFull();
}
