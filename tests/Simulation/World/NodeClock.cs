using Microsoft.Extensions.Time.Testing;

namespace Errand.Simulation.Tests.World;

/// <summary>
/// The clock of one node: its wall clock is off by something of its own and jumps alone, while time passes for all alike. Timers do not ring in a process that is stopped; they ring at once when
/// it goes on. Whoever asks for a timer from outside the story, as the loop of the sweeps does on a thread of its own, is never woken: sweeps come when the simulation says so.
/// </summary>
internal sealed class NodeClock(FakeTimeProvider time) : TimeProvider
{
    private readonly List<(TimerCallback Ring, object? State)> _missed = [];
    private bool _stopped;

    /// <summary>How far the wall clock is from the true time.</summary>
    public TimeSpan Offset { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Offset;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        SynchronizationContext.Current is null ? new Silent() : time.CreateTimer(of => Ring(callback, of), state, dueTime, period);

    public void Stop() => _stopped = true;

    public void Resume()
    {
        _stopped = false;
        var missed = _missed.ToList();
        _missed.Clear();
        foreach (var (ring, state) in missed) ring(state);
    }

    private void Ring(TimerCallback callback, object? state)
    {
        if (!_stopped) callback(state);
        // A timer that was missed ten times rings once.
        else if (!_missed.Exists(one => one.Ring == callback && ReferenceEquals(one.State, state))) _missed.Add((callback, state));
    }

    private sealed class Silent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // It has nothing.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
