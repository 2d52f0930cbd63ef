namespace Errand.Signals;

/// <summary>
/// Sets pulses at given instants with one timer for all of them: ten thousand long polls cost a heap of ten thousand entries, not as many
/// timers. A pulse has one alarm, the earliest that was asked for; whoever is woken too early asks again.
/// </summary>
internal sealed class Alarms : IDisposable
{
    /// <summary>Alarms further away ring early: a forgotten one is not held for a year.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Pulse, long> _queue = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;

    public Alarms(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static alarms => ((Alarms)alarms!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets the pulse after this much time, or earlier.</summary>
    public void Arm(Pulse pulse, TimeSpan after)
    {
        if (after <= TimeSpan.Zero)
        {
            pulse.Set();
            return;
        }

        var at = Now() + (after < Furthest ? after : Furthest).Ticks;
        lock (_gate)
        {
            if (pulse.AlarmAt != 0 && pulse.AlarmAt <= at) return;
            pulse.AlarmAt = at;
            _queue.Enqueue(pulse, at);
            if (at < _armedFor) ArmTimer(at);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        List<Pulse> due = [];
        lock (_gate)
        {
            var now = Now();
            while (_queue.TryPeek(out var pulse, out var at) && at <= now)
            {
                _queue.Dequeue();
                if (pulse.AlarmAt != at) continue;
                pulse.AlarmAt = 0;
                due.Add(pulse);
            }

            _armedFor = long.MaxValue;
            if (_queue.TryPeek(out _, out var next)) ArmTimer(next);
        }

        foreach (var pulse in due) pulse.Set();
    }

    /// <summary>Timers count whole milliseconds and may round down: one more makes sure that what is due is found due.</summary>
    private void ArmTimer(long at)
    {
        _armedFor = at;
        var after = TimeSpan.FromTicks(Math.Max(0, at - Now())) + TimeSpan.FromMilliseconds(1);
        _timer.Change(after, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Monotonic: a jump of the wall clock neither hurries nor delays a wait.</summary>
    private long Now() => _time.GetElapsedTime(0).Ticks;
}
