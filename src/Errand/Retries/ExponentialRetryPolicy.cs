namespace Errand.Retries;

/// <summary>
/// Base 2 s, doubled with each failure up to an hour, drawn anew between zero and that ("full jitter"), so that jobs which failed together
/// do not come back together.
/// </summary>
internal sealed class ExponentialRetryPolicy(Random random) : IRetryPolicy
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public TimeSpan DelayAfter(JobHead job, int failures)
    {
        var ceiling = First.TotalSeconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        return TimeSpan.FromSeconds(Math.Min(ceiling, Longest.TotalSeconds) * Draw());
    }

    /// <summary>A seeded Random, as a test injects, is not thread-safe.</summary>
    private double Draw()
    {
        lock (random) return random.NextDouble();
    }
}
