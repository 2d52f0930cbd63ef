using System.ComponentModel;
using System.Runtime.InteropServices;
using Errand.Torture.Processes;
using Microsoft.Win32.SafeHandles;

namespace Errand.EndToEnd.Tests.PowerLoss;

/// <summary>
/// An ext4 file system of its own whose power can be cut: from that instant on nothing reaches it, and what was written and not flushed is gone. What the cut leaves is an image as a machine finds it
/// when it comes up again, and mounting it replays its journal. Only root can mount it.
/// </summary>
internal sealed partial class CutDisk : IAsyncDisposable
{
    // EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32), with EXT4_GOING_FLAGS_NOLOGFLUSH: neither data nor journal is written any more.
    private const nuint Shutdown = 0x8004587D;
    private const uint NothingMore = 2;

    // SYNC_FILE_RANGE_WRITE, and O_RDONLY | O_CLOEXEC.
    private const uint WriteOnly = 2;
    private const int ReadOnly = 0x80000;
    private const int Stretch = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private bool _mounted;

    private CutDisk(string folder) => (_folder, Path) = (folder, System.IO.Path.Combine(folder, "disk"));

    public string Path { get; }

    private string Image => System.IO.Path.Combine(_folder, "image");

    private string Switch => System.IO.Path.Combine(Path, ".switch");

    /// <summary>Makes it and mounts it; null, with the reason, where that is not possible.</summary>
    public static async Task<(CutDisk? Disk, string? WhyNot)> TryMountAsync(int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return (null, "only root can mount a file system");
        var disk = new CutDisk(Directory.CreateTempSubdirectory("errand-cut-").FullName);
        File.SetUnixFileMode(disk._folder, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(disk.Path);
        await using (var image = File.Create(disk.Image)) image.SetLength((long)megabytes << 20);
        var (code, _, error) = await Commands.RunAsync("mkfs.ext4", ["-q", disk.Image]);
        if (code == 0) (code, error) = await disk.MountAsync();
        if (code == 0)
        {
            await File.WriteAllTextAsync(disk.Switch, "");
            await disk.FlushAsync();
            return (disk, null);
        }

        await disk.DisposeAsync();
        return (null, $"no ext4 on a loop device: {error}");
    }

    /// <summary>Brings everything to the disk that was written until now.</summary>
    public async Task FlushAsync()
    {
        var (code, _, error) = await Commands.RunAsync("sync", ["-f", Path]);
        if (code != 0) throw new IOException(error);
    }

    /// <summary>
    /// Of what was written and not flushed, lets some reach the disk, in an order of chance: a disk promises nothing about what it was not asked to flush. Whatever relies on the order of
    /// its writes alone is found out by that.
    /// </summary>
    public void Scatter(Random random)
    {
        foreach (var path in Directory.GetFiles(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
        {
            // Not by .NET's own means, which lock the file against its owner. A file that is gone meanwhile has no handle.
            using var file = Open(path, ReadOnly);
            if (file.IsInvalid || random.Next(2) == 0) continue;
            for (var at = 0L; at < RandomAccess.GetLength(file); at += Stretch)
            {
                if (random.Next(2) == 0 && WriteBack(file, at, Stretch, WriteOnly) != 0) throw Failed("sync_file_range");
            }
        }
    }

    /// <summary>Cuts the power. Whoever has a file open there gets errors from now on; kill them before <see cref="RestoreAsync"/>.</summary>
    public void Cut()
    {
        using var file = Open(Switch, ReadOnly);
        var how = NothingMore;
        if (Control(file, Shutdown, ref how) != 0) throw Failed("EXT4_IOC_SHUTDOWN");
    }

    /// <summary>Brings it up again.</summary>
    public async Task RestoreAsync()
    {
        await UnmountAsync();
        var (code, error) = await MountAsync();
        if (code != 0) throw new IOException($"The disk cannot be mounted after the cut: {error}");
    }

    public async ValueTask DisposeAsync()
    {
        await UnmountAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(int? Code, string Error)> MountAsync()
    {
        var (code, _, error) = await Commands.RunAsync("mount", ["-o", "loop", Image, Path]);
        _mounted = code == 0;
        return (code, error);
    }

    /// <summary>What was killed a moment ago may still let go of its files.</summary>
    private async Task UnmountAsync()
    {
        if (!_mounted) return;
        var said = "";
        await Wait.UntilAsync(
            async () =>
            {
                var (code, _, error) = await Commands.RunAsync("umount", [Path]);
                said = error;
                return code == 0;
            },
            Patience,
            () => said);
        _mounted = false;
    }

    private static IOException Failed(string call) => new($"{call} failed", new Win32Exception(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, nuint request, ref uint argument);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WriteBack(SafeFileHandle file, long offset, long bytes, uint how);
}
