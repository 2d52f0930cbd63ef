namespace Errand.Worker;

/// <summary>
/// How many jobs to hold beyond those that run: as many as the slots get through in 50 ms, judged by how long handlers took lately. Quick
/// handlers get large claims; a slow one gets none ahead, so that jobs which another worker could run do not wait here.
/// </summary>
internal sealed class PrefetchGauge(int slots, int most)
{
    private static readonly TimeSpan Horizon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private long _ticks;
    private long _runs;
    private double _mean = Slow.Ticks;

    /// <summary>A handler ran for this long.</summary>
    public void Ran(TimeSpan duration)
    {
        Interlocked.Add(ref _ticks, duration.Ticks);
        Interlocked.Increment(ref _runs);
    }

    /// <summary>Claimed jobs waited too long: whatever was believed of the handlers, they are slow now.</summary>
    public void Stuck() => Volatile.Write(ref _mean, Slow.Ticks);

    /// <summary>How many jobs to hold ahead of the slots. Called by the claim loop alone.</summary>
    public int Ahead()
    {
        var runs = Interlocked.Exchange(ref _runs, 0);
        var ticks = Interlocked.Exchange(ref _ticks, 0);
        var mean = Volatile.Read(ref _mean);
        if (runs > 0)
        {
            // Half of the old belief goes with each claim: a dozen claims lead from a second to microseconds.
            mean = (mean + ((double)ticks / runs)) / 2;
            Volatile.Write(ref _mean, mean);
        }

        return (int)Math.Min(most, slots * (Horizon.Ticks / Math.Max(1, mean)));
    }
}
