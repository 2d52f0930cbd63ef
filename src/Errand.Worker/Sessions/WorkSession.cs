using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Errand.Storage;
using Errand.Work;

namespace Errand.Worker;

/// <summary>A session as this process sees it: when it was last renewed, whether it is lost, and the attempts that it owns.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor wait handle, and handlers may look at its token at any later time.")]
internal sealed class WorkSession(TimeProvider time) : ISessionListener
{
    private readonly ConcurrentDictionary<JobTicket, Attempt> _attempts = new(TicketComparer.Instance);
    private readonly CancellationTokenSource _lost = new();
    private readonly HashSet<JobTicket> _early = [];
    private readonly Lock _gate = new();
    private OpenedSession? _opened;
    private long _renewedAt = time.GetTimestamp();
    private bool _claiming;

    public SessionId Id => Opened.Id;

    public TimeSpan BeatEvery => Opened.BeatEvery;

    /// <summary>Raised when the session is lost: nothing that it owned counts any more.</summary>
    public CancellationToken Lost => _lost.Token;

    public bool IsLost => _lost.IsCancellationRequested;

    /// <summary>How much time is left before the handlers must be stopped: one beat before the store may give their jobs away.</summary>
    public TimeSpan Left => Opened.Term - Opened.BeatEvery - time.GetElapsedTime(Volatile.Read(ref _renewedAt));

    public IEnumerable<Attempt> Attempts => _attempts.Values;

    private OpenedSession Opened => _opened ?? throw new InvalidOperationException("The session is not open yet.");

    public void Begin(OpenedSession opened) => _opened = opened;

    /// <summary>Renewed as of the moment when the beat was begun: the store cannot have counted from an earlier one.</summary>
    public void Renew(long begunAt) => Volatile.Write(ref _renewedAt, begunAt);

    /// <summary>From here until <see cref="Adopt"/> a cancel may name a job that this side has not heard of yet.</summary>
    public void ExpectClaims()
    {
        lock (_gate) _claiming = true;
    }

    /// <summary>Takes what was claimed; a cancel that overtook the claim's answer reaches its job now.</summary>
    public IReadOnlyList<Attempt> Adopt(IReadOnlyList<ClaimedJob> jobs)
    {
        var adopted = new Attempt[jobs.Count];
        var now = time.GetTimestamp();
        lock (_gate)
        {
            for (var i = 0; i < adopted.Length; i++)
            {
                var attempt = adopted[i] = new Attempt(jobs[i], this, now);
                _attempts[attempt.Ticket] = attempt;
                if (_early.Count > 0 && _early.Contains(attempt.Ticket)) attempt.Stop(AttemptStop.Canceled);
            }

            _early.Clear();
            _claiming = false;
        }

        return adopted;
    }

    public void Forget(Attempt attempt) => _attempts.TryRemove(attempt.Ticket, out _);

    public void OnCancel(JobTicket ticket)
    {
        Attempt? attempt;
        lock (_gate)
        {
            if (!_attempts.TryGetValue(ticket, out attempt) && _claiming) _early.Add(ticket);
        }

        attempt?.Stop(AttemptStop.Canceled);
    }

    /// <summary>Stops every handler. True the first time.</summary>
    public bool Lose()
    {
        lock (_gate)
        {
            if (IsLost) return false;
            // Marks at once and calls back on the pool: no handler's callback may hold up the thread that keeps time.
            _ = _lost.CancelAsync();
        }

        StopAll(AttemptStop.Lost);
        return true;
    }

    public void StopAll(AttemptStop reason)
    {
        foreach (var attempt in _attempts.Values) attempt.Stop(reason);
    }

    /// <summary>A token is unique in its store, so it is hash enough.</summary>
    private sealed class TicketComparer : IEqualityComparer<JobTicket>
    {
        public static readonly TicketComparer Instance = new();

        public bool Equals(JobTicket x, JobTicket y) => x.Token == y.Token && x.Key == y.Key;

        public int GetHashCode(JobTicket ticket) => ticket.Token.GetHashCode();
    }
}
