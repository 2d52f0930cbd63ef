namespace Errand.Worker;

/// <summary>Waits longer after each failure, up to five seconds, with ±20 % so that many workers do not come back at once.</summary>
internal sealed class Backoff(TimeProvider time, Random random)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private int _failures;

    /// <summary>True once something failed and nothing has gone well since: what is logged only once asks this.</summary>
    public bool Failing => _failures > 0;

    public void Reset() => _failures = 0;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var seconds = Math.Min(Longest.TotalSeconds, 0.05 * Math.Pow(2, Math.Min(_failures++, 10)));
        return Task.Delay(TimeSpan.FromSeconds(seconds * (0.8 + (0.4 * random.NextDouble()))), time, cancellationToken);
    }
}
