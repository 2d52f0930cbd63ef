namespace Errand.Storage.Sqlite;

/// <summary>The paths within a data folder.</summary>
internal sealed class DataFolder(string path)
{
    public string Root { get; } = Path.GetFullPath(path);

    public string Database => Path.Combine(Root, "errand.db");

    public string Log => Database + "-wal";

    public string LockFile => Path.Combine(Root, "errand.lock");

    public string Reserve => Path.Combine(Root, "errand.reserve");

    public string Files => Path.Combine(Root, "files");
}
