using System.Diagnostics.CodeAnalysis;
using Errand.Storage;

namespace Errand.Worker;

/// <summary>A claimed job in this process: waiting, then running, then finished once.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor wait handle; an abandoned handler may still look at its token.")]
internal sealed class Attempt(ClaimedJob job, WorkSession session, long claimedAt)
{
    // A timer takes at most 49 days. What lies further is left to the engine, which sweeps deadlines by itself.
    private static readonly TimeSpan FurthestTimer = TimeSpan.FromDays(40);

    private readonly Lock _gate = new();
    private CancellationTokenSource? _cancellation;
    private AttemptStop _stop;
    private ITimer? _timeout;
    private ITimer? _deadline;
    private ITimer? _grace;
    private AttemptRunner? _runner;
    private TimeProvider? _time;
    private TimeSpan _graceTime;
    private bool _returned;
    private int _finished;

    public ClaimedJob Job { get; } = job;

    public JobHead Head => Job.Head;

    public JobTicket Ticket { get; } = job.Ticket;

    public WorkSession Session { get; } = session;

    /// <summary>When it was claimed, as a timestamp of the clock.</summary>
    public long ClaimedAt { get; } = claimedAt;

    public AttemptStop StopReason => _stop;

    /// <summary>What it reports through, once it runs.</summary>
    public AttemptContext? Context { get; set; }

    /// <summary>Starts its clocks. Null when it was told to stop before it started: then it must not run.</summary>
    public CancellationToken? Begin(TimeProvider time, TimeSpan? timeout, TimeSpan grace, AttemptRunner runner)
    {
        lock (_gate)
        {
            if (_stop is not AttemptStop.None) return null;
            _cancellation = new CancellationTokenSource();
            (_time, _graceTime, _runner) = (time, grace, runner);
            if (timeout is { } limit) _timeout = StopAfter(limit, AttemptStop.TimedOut);
            if (Head.Deadline is { } deadline) _deadline = StopAfter(deadline - time.GetUtcNow(), AttemptStop.PastDeadline);
            return _cancellation.Token;
        }
    }

    /// <summary>Tells the handler to stop, and settles without it if it has not returned when the grace is over. Returns at once.</summary>
    public void Stop(AttemptStop reason)
    {
        lock (_gate)
        {
            if (_returned || (_stop is not AttemptStop.None && reason is not AttemptStop.Lost)) return;
            _stop = reason;
            if (_cancellation is null) return;
            _ = _cancellation.CancelAsync();
            _grace ??= _time!.CreateTimer(static state => ((Attempt)state!).GiveUp(), this, _graceTime, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The handler has returned: its clocks end.</summary>
    public void Return()
    {
        lock (_gate)
        {
            _returned = true;
            _timeout?.Dispose();
            _deadline?.Dispose();
            _grace?.Dispose();
        }
    }

    /// <summary>True for the one who may settle it.</summary>
    public bool TryFinish() => Interlocked.Exchange(ref _finished, 1) is 0;

    private void GiveUp()
    {
        lock (_gate)
        {
            if (_returned) return;
        }

        _ = _runner!.AbandonAsync(this);
    }

    private ITimer? StopAfter(TimeSpan time, AttemptStop reason)
    {
        if (time > FurthestTimer) return null;
        return _time!.CreateTimer(
            static state =>
            {
                var (attempt, why) = ((Attempt, AttemptStop))state!;
                attempt.Stop(why);
            },
            (this, reason),
            time > TimeSpan.Zero ? time : TimeSpan.Zero,
            Timeout.InfiniteTimeSpan);
    }
}
