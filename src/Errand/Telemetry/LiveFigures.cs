using System.Runtime.InteropServices;

namespace Errand.Telemetry;

/// <summary>Figures that are known in memory and read when a gauge is.</summary>
internal sealed class LiveFigures(string storage, Func<(int Jobs, long Bytes, int Waiting)> submits, TimeProvider time)
{
    /// <summary>Before the engine is put together.</summary>
    public static LiveFigures None { get; } = new("", static () => default, TimeProvider.System);

    private readonly long _startedAt = time.GetTimestamp();
    private readonly DateTimeOffset _wallAt = time.GetUtcNow();

    public (int Jobs, long Bytes, int Waiting) Submits() => submits();

    /// <summary>Seconds since a timestamp; since the start when there is none.</summary>
    public double Since(long timestamp) => time.GetElapsedTime(timestamp == 0 ? _startedAt : timestamp).TotalSeconds;

    /// <summary>Seconds that the wall clock gained on the monotonic one; negative when it was put back.</summary>
    public double Skew() => (time.GetUtcNow() - _wallAt - time.GetElapsedTime(_startedAt)).TotalSeconds;

    /// <summary>What runs here.</summary>
    public KeyValuePair<string, object?>[] Build { get; } =
    [
        new("version", typeof(LiveFigures).Assembly.GetName().Version?.ToString(3)), new("runtime", RuntimeInformation.FrameworkDescription),
        new("store", storage),
    ];
}
