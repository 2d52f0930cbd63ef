namespace Errand.Torture.Processes;

/// <summary>A tmpfs of a given size, which only root can mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Null where mounting is not allowed.</summary>
    public static async Task<SmallDisk?> TryMountAsync(int megabytes)
    {
        var path = Directory.CreateTempSubdirectory("errand-disk-").FullName;
        if (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path)) return new SmallDisk(path);
        Directory.Delete(path);
        return null;
    }

    /// <summary>Makes it larger, or as small as what lies on it allows.</summary>
    public async Task ResizeAsync(int megabytes)
    {
        if (!await RunAsync("mount", "-o", $"remount,size={megabytes}m", Path)) throw new IOException($"The tmpfs {Path} cannot be given {megabytes} MB.");
    }

    /// <summary>Leaves no room but what rounding up to a megabyte gives.</summary>
    public Task FillAsync()
    {
        var disk = new DriveInfo(Path);
        return ResizeAsync((int)((disk.TotalSize - disk.TotalFreeSpace) >> 20) + 1);
    }

    public async Task MakeReadOnlyAsync()
    {
        if (!await RunAsync("mount", "-o", "remount,ro", Path)) throw new IOException($"The tmpfs {Path} cannot be made read-only.");
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments) => (await Commands.RunAsync(program, arguments)).Code == 0;
}
