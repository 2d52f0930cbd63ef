using System.Runtime.InteropServices;

namespace Errand.Storage.Folders;

/// <summary>Folders whose entries survive a power loss: a name is on disk only after its folder is flushed.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;

    /// <summary>Creates a folder with its parents, for this user alone, and flushes what names each new one.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder)) return;
        var parent = Path.GetDirectoryName(folder)!;
        Create(parent);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Flush(parent);
    }

    /// <summary>Flushes the names in a folder. Windows has no such call and orders its journal itself.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(folder, ReadOnly);
        if (handle < 0) throw new IOException($"The folder {folder} cannot be opened to be flushed.", Marshal.GetLastPInvokeError());
        try
        {
            if (Flush(handle) != 0) throw new IOException($"The folder {folder} cannot be flushed.", Marshal.GetLastPInvokeError());
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
