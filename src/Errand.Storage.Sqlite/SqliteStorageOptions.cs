namespace Errand.Storage.Sqlite;

/// <summary>Where a SQLite store lies and how it looks after its disk.</summary>
public sealed class SqliteStorageOptions
{
    internal const string DefaultDatabaseFile = "errand.db";

    /// <summary>
    /// The folder that holds the database, the files of outputs and uploads, and the lock. Created, for this user alone, when it is not
    /// there. Must lie on a local file system. Required.
    /// </summary>
    public string DataFolder { get; set; } = "";

    /// <summary>The name of the database within <see cref="DataFolder"/>: a file's name without a folder. Default: <c>errand.db</c>.</summary>
    public string DatabaseFile { get; set; } = DefaultDatabaseFile;

    /// <summary>How long to wait for another process that owns the folder before giving up. Default: 10 seconds.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Opens the store beside its owner, for short changes of tokens, queues and types only: takes no lock of the folder and recovers
    /// nothing. Default: false.
    /// </summary>
    public bool Shared { get; set; }

    /// <summary>
    /// Bytes of free disk below which new jobs and files are refused, while outcomes of running jobs are still written. Default: 64 MiB.
    /// </summary>
    public long DiskReserve { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many reads run at once; more wait for one to end, each for microseconds. Default: 8.</summary>
    public int Readers { get; set; } = 8;

    /// <summary>When the log is copied and when it is too long. Tests lower it, for nobody has yet had a reason to choose.</summary>
    internal LogSizes LogSizes { get; init; } = new(Copy: 8 << 20, BeginAnew: 64 << 20, Long: 256 << 20);
}
