namespace Errand.Storage.Sqlite;

/// <summary>What an open store consists of; disposing closes it in the order that leaves no log behind.</summary>
internal sealed class OpenDatabase : IDisposable
{
    public required FolderLock? Lock { get; init; }

    public required int SchemaVersion { get; init; }

    public required Ledger Ledger { get; init; }

    public required SessionTerms Sessions { get; init; }

    public required DiskGuard Disk { get; init; }

    /// <summary>Null beside an owner, whose commits are not heard of.</summary>
    public required SeenJobs? Seen { get; init; }

    public required Readers Readers { get; init; }

    public required ReaderOfBeats BeatReader { get; init; }

    public required LogKeeper LogKeeper { get; init; }

    public required Writer Writer { get; init; }

    public void Dispose()
    {
        Readers.Dispose();
        BeatReader.Dispose();
        LogKeeper.Dispose();
        Writer.Dispose();
        Lock?.Dispose();
    }
}
