using System.Globalization;

namespace Errand.Storage.Sqlite;

/// <summary>The right to own a data folder: a file held locked for as long as the process lives, whatever way it ends.</summary>
/// <remarks>Not a lock of the database, for <c>errand token create</c> must work beside a running server.</remarks>
internal sealed class FolderLock : IDisposable
{
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="StorageException">Another process holds it for longer than <paramref name="timeout"/>.</exception>
    public static async ValueTask<FolderLock> TakeAsync(
        DataFolder folder, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var start = time.GetTimestamp(); ;)
        {
            if (TryTake(folder) is { } taken) return taken;
            if (time.GetElapsedTime(start) >= timeout) throw HeldByAnother(folder, timeout);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Null while another process holds it.</summary>
    public static FolderLock? TryTake(DataFolder folder)
    {
        try
        {
            var file = new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            var held = new FolderLock(file);
            File.WriteAllText(PidFile(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (IOException exception) when (exception.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Apart from the lock file, which nobody else can open while it is held.</summary>
    private static string PidFile(DataFolder folder) => folder.LockFile + ".pid";

    private static StorageException HeldByAnother(DataFolder folder, TimeSpan timeout)
    {
        var holder = File.Exists(PidFile(folder)) ? $"process {File.ReadAllText(PidFile(folder)).Trim()}" : "another process";
        return new StorageException(
            StorageFault.Locked,
            $"The data folder {folder.Root} is in use by {holder}, and still was after {timeout.TotalSeconds:0.#} seconds. "
            + "Stop that process, or name another folder with --data.");
    }
}
