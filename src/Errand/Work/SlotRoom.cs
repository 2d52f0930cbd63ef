using Errand.Limits;

namespace Errand.Work;

/// <summary>
/// How many more jobs a session may claim while a slow start holds it back: one of all its slots, and one for each queue that was resumed.
/// Guarded by the gate of its session.
/// </summary>
internal sealed class SlotRoom(int slots, ErrandOptions options, TimeProvider time)
{
    private readonly Dictionary<string, Ramp> _queues = new(StringComparer.Ordinal);
    private Ramp _all = Begin(slots, options, time.GetTimestamp());

    /// <summary>Whether the last look found less room than was wanted: whoever makes some tells the session.</summary>
    public bool IsShort { get; private set; }

    /// <summary>All slots start slowly, from now on.</summary>
    public void BeginAgain() => _all = Begin(slots, options, time.GetTimestamp());

    /// <summary>How many of the wanted jobs may be claimed in all, and, if not every one, how long until time alone allows more.</summary>
    public (int Allowed, TimeSpan? More) Look(int wanted, int held)
    {
        IsShort = false;
        return Look(_all, wanted, held);
    }

    /// <summary>The same for one queue, after <see cref="Look(int, int)"/>.</summary>
    public (int Allowed, TimeSpan? More) Look(QueueState queue, int wanted, Func<string, int> held)
    {
        if (queue.ResumedAt is not { } resumed || time.GetElapsedTime(resumed) >= options.SlowStart) return (wanted, null);
        var name = queue.Settings.Name;
        if (!_queues.TryGetValue(name, out var ramp) || ramp.Since != resumed) _queues[name] = ramp = Begin(slots, options, resumed);
        return Look(ramp, wanted, held(name));
    }

    public void Succeeded(string queue)
    {
        _all.Curve.Succeeded();
        if (_queues.TryGetValue(queue, out var ramp)) ramp.Curve.Succeeded();
    }

    private (int Allowed, TimeSpan? More) Look(Ramp ramp, int wanted, int held)
    {
        var elapsed = time.GetElapsedTime(ramp.Since);
        var open = ramp.Curve.Open(elapsed);
        if (open == SlowStart.All || open - held >= wanted) return (wanted, null);
        IsShort = true;
        return (Math.Max(0, open - held), ramp.Curve.UntilMore(elapsed));
    }

    private static Ramp Begin(int slots, ErrandOptions options, long now) =>
        new(new SlowStart(Math.Max(1, slots), options.SlowStartFrom, options.SlowStart), now);

    private readonly record struct Ramp(SlowStart Curve, long Since);
}
