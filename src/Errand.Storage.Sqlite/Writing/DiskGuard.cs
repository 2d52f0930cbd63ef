namespace Errand.Storage.Sqlite;

/// <summary>
/// Watches the room on the disk. Below the watermark nothing that grows is taken in. A file of some MiB is held in reserve and given up when
/// a write does not fit, so that the outcomes of what runs still do.
/// </summary>
internal sealed class DiskGuard
{
    private const int ReserveBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly DataFolder _folder;
    private readonly long _watermark;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly bool _keepsReserve;
    private long _lookedAt;
    private volatile bool _isShort;

    /// <param name="folder">Whose disk it is.</param>
    /// <param name="watermark">Free bytes below which nothing grows.</param>
    /// <param name="time">Paces the looks.</param>
    /// <param name="keepsReserve">Only the owner of the folder does.</param>
    public DiskGuard(DataFolder folder, long watermark, TimeProvider time, bool keepsReserve)
    {
        (_folder, _watermark, _time, _keepsReserve) = (folder, watermark, time, keepsReserve);
        Look();
    }

    /// <summary>True while only what ends something is written. Looks at the disk at most once a second.</summary>
    public bool IsShort
    {
        get
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= LookEvery) Look();
            return _isShort;
        }
    }

    public long FreeBytes => new DriveInfo(_folder.Root).AvailableFreeSpace;

    /// <summary>A write did not fit: gives up the reserve. True when that made room.</summary>
    public bool GiveUpReserve()
    {
        lock (_gate)
        {
            _isShort = true;
            Volatile.Write(ref _lookedAt, _time.GetTimestamp());
            if (!File.Exists(_folder.Reserve)) return false;
            File.Delete(_folder.Reserve);
            return true;
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            Volatile.Write(ref _lookedAt, _time.GetTimestamp());
            var free = FreeBytes;
            var hasReserve = !_keepsReserve || File.Exists(_folder.Reserve);
            _isShort = free < _watermark + (hasReserve ? 0 : ReserveBytes);
            if (!hasReserve && !_isShort) LayUpReserve();
        }
    }

    private void LayUpReserve()
    {
        try
        {
            // Written, not only sized: a sparse file would reserve nothing.
            File.WriteAllBytes(_folder.Reserve, new byte[ReserveBytes]);
        }
        catch (IOException)
        {
            _isShort = true;
            File.Delete(_folder.Reserve);
        }
    }
}
