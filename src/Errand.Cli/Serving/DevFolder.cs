namespace Errand.Cli.Serving;

/// <summary>The data folder of a server that is only tried: the named one, or one that is removed at the end.</summary>
internal sealed class DevFolder : IDisposable
{
    private DevFolder(string path, bool temporary) => (Path, Temporary) = (path, temporary);

    public string Path { get; }

    public bool Temporary { get; }

    public static DevFolder Open(DirectoryInfo? named) =>
        named is not null ? new DevFolder(named.FullName, temporary: false)
            : new DevFolder(Directory.CreateTempSubdirectory("errand-dev-").FullName, temporary: true);

    public void Dispose()
    {
        if (!Temporary) return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A command may still write there; the system clears its temporary folder by itself.
        }
    }
}
