namespace Errand.Limits;

/// <summary>
/// How many slots of a worker are open some time after its start, a queue's resume or an outage. What waits downstream meets a part of
/// them first; each job that succeeds opens one more, so that they double with every round that goes well, and where jobs take long they
/// double by time. After the whole time all are open, whatever happened. Pure: it is told the time. Not thread-safe.
/// </summary>
/// <param name="slots">How many there are.</param>
/// <param name="from">The part of them that is open at once: more than 0, at most 1.</param>
/// <param name="duration">After this long all are open; zero: at once.</param>
internal sealed class SlowStart(int slots, double from, TimeSpan duration)
{
    /// <summary>So few at once are no herd: small workers do not start slowly at all.</summary>
    private const int Few = 4;

    private readonly int _first = Math.Min(slots, Math.Max(Few, (int)Math.Ceiling(slots * from)));
    private int _succeeded;

    /// <summary>No limit any more: more may be held than there are slots, since a worker claims ahead.</summary>
    public const int All = int.MaxValue;

    /// <summary>A job that started since then has succeeded.</summary>
    public void Succeeded()
    {
        if (_succeeded < slots) _succeeded++;
    }

    /// <summary>How many are open after so long.</summary>
    public int Open(TimeSpan elapsed)
    {
        if (elapsed >= duration) return All;
        // At most 14 doublings of at most 10,000 slots.
        var byTime = _first << (int)(elapsed / Step);
        var open = Math.Max(byTime, _first + _succeeded);
        return open >= slots ? All : open;
    }

    /// <summary>How long until time alone opens more.</summary>
    public TimeSpan UntilMore(TimeSpan elapsed) =>
        elapsed >= duration ? TimeSpan.Zero : (Step * (Math.Floor(elapsed / Step) + 1)) - elapsed;

    private TimeSpan Step => duration / Math.Max(1, Math.Ceiling(Math.Log2((double)slots / _first)));
}
