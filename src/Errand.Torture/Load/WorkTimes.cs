namespace Errand.Torture.Load;

/// <summary>How long runs take: mostly a few milliseconds, now and then long enough to be hit in the middle.</summary>
internal sealed class WorkTimes(Random random)
{
    private readonly Lock _gate = new();
    private bool _calm;

    /// <summary>From now on every run is short.</summary>
    public void Calm() => _calm = true;

    public TimeSpan Next()
    {
        if (_calm) return TimeSpan.FromMilliseconds(2);
        lock (_gate)
        {
            return TimeSpan.FromMilliseconds(random.Next(20) switch
            {
                0 => random.Next(1_000, 3_000),
                < 4 => random.Next(100, 400),
                _ => random.Next(1, 20),
            });
        }
    }
}
