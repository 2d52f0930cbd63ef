namespace Errand.Storage.Sqlite;

/// <summary>
/// Refuses file systems on which SQLite's log breaks: those without shared memory between processes or without honest locks.
/// </summary>
/// <remarks>A container's overlay is let through: the log works within one container, where only one process owns the folder.</remarks>
internal static class FileSystemCheck
{
    private static readonly HashSet<string> Unsuitable = new(StringComparer.Ordinal)
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ncpfs", "coda", "ceph", "glusterfs", "lustre", "davfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.blobfuse", "fuse.blobfuse2",
        "fuse.davfs2", "fuse.curlftpfs",
    };

    public static void RefuseUnsuitable(DataFolder folder)
    {
        if (!File.Exists("/proc/mounts")) return;
        if (TypeOf(folder.Root, File.ReadLines("/proc/mounts")) is not { } type || !Unsuitable.Contains(type)) return;
        throw new StorageException(
            StorageFault.NotWritable,
            $"The data folder {folder.Root} lies on a {type} file system, on which SQLite's write-ahead log is not safe. "
            + "Name a folder on a local disk with --data.");
    }

    /// <summary>
    /// The type of the file system that holds a path: that of the longest mount point above it, the last one where several are stacked.
    /// </summary>
    internal static string? TypeOf(string path, IEnumerable<string> mounts)
    {
        var (longest, type) = (-1, (string?)null);
        foreach (var fields in mounts.Select(line => line.Split(' ')).Where(fields => fields.Length > 2))
        {
            var point = fields[1].Replace("\\040", " ", StringComparison.Ordinal);
            if (point.Length >= longest && IsBelow(path, point)) (longest, type) = (point.Length, fields[2]);
        }

        return type;
    }

    private static bool IsBelow(string path, string point) =>
        point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal);
}
