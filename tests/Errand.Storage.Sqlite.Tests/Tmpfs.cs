using System.Diagnostics;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>A small file system of its own, for full and read-only disks: as root, permissions stop nothing.</summary>
internal sealed class Tmpfs : IDisposable
{
    private Tmpfs(string path) => Path = path;

    public static bool IsPossible => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    public string Path { get; }

    public static Tmpfs Mount(string options)
    {
        var mount = new Tmpfs(Directory.CreateTempSubdirectory("errand-tmpfs-").FullName);
        Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", mount.Path);
        return mount;
    }

    public void Remount(string options) => Run("mount", "-o", $"remount,{options}", Path);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
