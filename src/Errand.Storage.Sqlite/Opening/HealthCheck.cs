namespace Errand.Storage.Sqlite;

/// <summary>How the store is: whether it reads, how long its log is, how much room is left.</summary>
internal sealed class HealthCheck(DataFolder folder, OpenDatabase open, SqliteStorageOptions options)
{
    private readonly List<string> _reasons = [];

    public async ValueTask<StorageHealth> RunAsync(CancellationToken cancellationToken)
    {
        var reads = await ReadsAsync(cancellationToken);
        var (log, free, isShort) = (LogBytes(), open.Disk.FreeBytes, open.Disk.IsShort);
        if (log > options.LogSizes.Long) _reasons.Add($"The log {folder.Log} has {log >> 20} MiB: the disk is too slow, or a reader holds it.");
        if (isShort)
        {
            _reasons.Add(
                $"Only {free >> 20} MiB are free for {folder.Root}, of which {options.DiskReserve >> 20} MiB are kept for what runs: "
                + "free space or purge finished jobs.");
        }

        var status = !reads ? StorageStatus.Unhealthy : _reasons.Count > 0 ? StorageStatus.Degraded : StorageStatus.Healthy;
        var figures = new Dictionary<string, long>(StringComparer.Ordinal) { ["wal_bytes"] = log, ["disk_free_bytes"] = free };
        return new StorageHealth(status, _reasons, open.SchemaVersion, AcceptsSubmits: reads && !isShort, figures);
    }

    private async ValueTask<bool> ReadsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await open.Readers.ReadAsync(Stamp.Read, cancellationToken);
            return true;
        }
        catch (StorageException exception)
        {
            _reasons.Add(exception.Message);
            return false;
        }
    }

    private long LogBytes() => new FileInfo(folder.Log) is { Exists: true } log ? log.Length : 0;
}
