namespace Errand.Storage.Sqlite;

/// <summary>The paths within a data folder.</summary>
internal sealed class DataFolder(string path, string database = SqliteStorageOptions.DefaultDatabaseFile)
{
    public string Root { get; } = Path.GetFullPath(path);

    public string Database => Path.Combine(Root, database);

    public string Log => Database + "-wal";

    public string LockFile => Path.Combine(Root, "errand.lock");

    public string Reserve => Path.Combine(Root, "errand.reserve");

    public string Files => Path.Combine(Root, "files");

    /// <summary>A plain name that none of the other files here has: the folder is what is locked, looked after and backed up.</summary>
    public static bool IsDatabaseName(string name) =>
        name is not ("" or "." or ".." or "files" or "errand.reserve") && !name.StartsWith("errand.lock", StringComparison.Ordinal)
        && name.AsSpan().IndexOfAny("/\\\0?") < 0 && !name.EndsWith("-wal", StringComparison.Ordinal)
        && !name.EndsWith("-shm", StringComparison.Ordinal);
}
