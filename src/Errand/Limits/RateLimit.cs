namespace Errand.Limits;

/// <summary>
/// A token bucket over the monotonic clock. It holds a tenth of a second's worth (at least one token), so that a rate is kept within any
/// second and not only on average. Not thread-safe.
/// </summary>
internal sealed class RateLimit(double perSecond, TimeProvider time)
{
    private readonly double _capacity = Math.Max(1, perSecond / 10);
    private double _tokens = Math.Max(1, perSecond / 10);
    private long _filledAt = time.GetTimestamp();

    public double PerSecond => perSecond;

    /// <summary>Takes up to so many tokens.</summary>
    public int Take(int wanted)
    {
        Fill();
        var taken = Math.Min(wanted, (int)_tokens);
        _tokens -= taken;
        return taken;
    }

    /// <summary>Puts back what was taken and not used.</summary>
    public void Return(int unused) => _tokens = Math.Min(_capacity, _tokens + unused);

    /// <summary>How long until a token is there; zero when one is.</summary>
    public TimeSpan UntilNext()
    {
        Fill();
        return _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _tokens) / perSecond);
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_capacity, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
    }
}
