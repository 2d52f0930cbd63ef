namespace Errand.Torture.Processes;

/// <summary>A tmpfs of a given size, which only root can mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int SpareMax = 64;

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
        if (!await TryResizeAsync(megabytes)) throw new IOException($"The tmpfs {Path} cannot be given {megabytes} MB.");
    }

    /// <summary>Leaves no room but what rounding up to a megabyte gives.</summary>
    public async Task FillAsync()
    {
        if (!await FillAsync(UsedMegabytes, TryResizeAsync)) throw new IOException($"The tmpfs {Path} cannot be filled: what lies on it grows too fast.");
    }

    /// <summary>Takes the room away that is left, while somebody still writes: a disk is never made smaller than what lies on it, and that is more now than when it was looked at.</summary>
    /// <param name="used">How many megabytes are used now.</param>
    /// <param name="resize">Makes the disk that large; false when more than that lies on it.</param>
    internal static async Task<bool> FillAsync(Func<int> used, Func<int, Task<bool>> resize)
    {
        for (var spare = 1; spare <= SpareMax; spare *= 2)
        {
            if (await resize(used() + spare)) return true;
        }

        return false;
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

    private Task<bool> TryResizeAsync(int megabytes) => RunAsync("mount", "-o", $"remount,size={megabytes}m", Path);

    private int UsedMegabytes()
    {
        var disk = new DriveInfo(Path);
        return (int)((disk.TotalSize - disk.TotalFreeSpace) >> 20);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments) => (await Commands.RunAsync(program, arguments)).Code == 0;
}
