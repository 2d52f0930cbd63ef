namespace Errand.Cli.Torturing;

/// <summary>What a run leaves behind: removed at the end, kept when something was wrong.</summary>
internal sealed class TortureFolder : IDisposable
{
    private TortureFolder(string path) => Path = path;

    public string Path { get; }

    public bool Kept { get; set; }

    public static TortureFolder Make() => new(Directory.CreateTempSubdirectory("errand-torture-").FullName);

    public void Dispose()
    {
        if (Kept) return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A command of a killed server may still write there; the system clears its temporary folder by itself.
        }
    }
}
