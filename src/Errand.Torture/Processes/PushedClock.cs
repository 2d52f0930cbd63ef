using System.IO.MemoryMappedFiles;

namespace Errand.Torture.Processes;

/// <summary>
/// A wall clock that another process may push: the offset lies in a file that both have mapped. The monotonic clock goes on as it does, just as when the time of a
/// machine is set. So a clock jumps without root, and only for the process that should feel it.
/// </summary>
internal sealed class PushedClock : TimeProvider, IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _offset;

    public PushedClock(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, sizeof(long));
        _offset = _file.CreateViewAccessor(0, sizeof(long));
    }

    /// <summary>How far it is ahead of the true time.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(_offset.ReadInt64(0));
        set => _offset.Write(0, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    public void Dispose()
    {
        _offset.Dispose();
        _file.Dispose();
    }
}
