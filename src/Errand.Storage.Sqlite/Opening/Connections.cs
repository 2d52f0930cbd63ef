namespace Errand.Storage.Sqlite;

/// <summary>Opens the connections of a store, each with the settings of its role.</summary>
internal sealed class Connections(DataFolder folder)
{
    private const string BusyTimeout = "PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY;";

    /// <summary>
    /// The writer's. Pages are given back step by step, which must be said before the first table is made. The log is emptied by a
    /// thread of its own, never by a commit.
    /// </summary>
    public Connection OpenWriter() => Connection.Open(folder.Database, readOnly: false, BusyTimeout + """
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA foreign_keys = OFF;
        PRAGMA cache_size = -65536;
        """);

    public Connection OpenReader() => Connection.Open(folder.Database, readOnly: true, BusyTimeout + "PRAGMA cache_size = -8192;");

    public Connection OpenKeeper() => Connection.Open(
        folder.Database, readOnly: false, "PRAGMA busy_timeout = 2000; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;");
}
