namespace Errand.Storage.Sqlite;

/// <summary>
/// Watches the room on the disk. Below the watermark nothing that grows is taken in. A file of some MiB is held in reserve and given up
/// when a write does not fit, so that the outcomes of what runs still do.
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

    /// <summary>Bytes that this user may still write; none when the disk does not tell.</summary>
    public long FreeBytes => OnDisk(() => new DriveInfo(_folder.Root).AvailableFreeSpace, otherwise: 0);

    /// <summary>A write did not fit: gives up the reserve. True when that made room.</summary>
    public bool GiveUpReserve()
    {
        lock (_gate)
        {
            _isShort = true;
            Volatile.Write(ref _lookedAt, _time.GetTimestamp());
            return OnDisk(DeleteReserve, otherwise: false);
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
            if (!hasReserve && !_isShort && !OnDisk(LayUpReserve, otherwise: false)) OnDisk(DeleteReserve, otherwise: false);
        }
    }

    /// <summary>Writes it, for a file that is only sized may be sparse and reserve nothing.</summary>
    private bool LayUpReserve()
    {
        File.WriteAllBytes(_folder.Reserve, new byte[ReserveBytes]);
        return true;
    }

    private bool DeleteReserve()
    {
        if (!File.Exists(_folder.Reserve)) return false;
        File.Delete(_folder.Reserve);
        return true;
    }

    /// <summary>The writer's thread passes here: whatever the file system says must not end it.</summary>
    private static T OnDisk<T>(Func<T> act, T otherwise)
    {
        try
        {
            return act();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return otherwise;
        }
    }
}
