using System.Collections.Frozen;
using Errand.Signals;

namespace Errand.Work;

/// <summary>A worker session that speaks to this node: what it can run, what it holds, and how it is woken.</summary>
internal sealed class LiveSession
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, HeldJob> _held = [];
    private readonly FrozenSet<string> _types;
    private readonly FrozenSet<string> _queues;
    private long _nextDueTicks = long.MaxValue;
    private volatile bool _hasWork;
    private volatile bool _ended;

    public LiveSession(SessionId id, SessionRequest request, ISessionListener listener)
    {
        Id = id;
        Request = request;
        Listener = listener;
        _types = request.Types.ToFrozenSet();
        _queues = request.Queues.ToFrozenSet();
    }

    public SessionId Id { get; }

    public SessionRequest Request { get; }

    public ISessionListener Listener { get; }

    /// <summary>Ends a wait for work.</summary>
    public Pulse Pulse { get; } = new();

    /// <summary>Ended here, though the store may not have heard of it yet: it is not kept alive any more.</summary>
    public bool Ended
    {
        get => _ended;
        set => _ended = value;
    }

    /// <summary>Whether something came since the last claim began.</summary>
    public bool HasWork
    {
        get => _hasWork;
        set => _hasWork = value;
    }

    /// <summary>When the next job that the session can run becomes due, as far as is known.</summary>
    public DateTimeOffset? NextDueAt
    {
        get => Interlocked.Read(ref _nextDueTicks) is var ticks and < long.MaxValue ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Interlocked.Exchange(ref _nextDueTicks, value?.UtcTicks ?? long.MaxValue);
    }

    public void Wake()
    {
        HasWork = true;
        Pulse.Set();
    }

    public bool Runs(JobHead job) =>
        _types.Contains(job.Type) && Serves(job.Queue) && (Request.Tenant is null || Request.Tenant == job.Tenant);

    public bool Serves(string queue) => JobNames.Serves(_queues, queue);

    public void Hold(HeldJob job)
    {
        lock (_gate) _held[job.Head.Sequence] = job;
    }

    /// <summary>What is held under a ticket; null when the ticket is old or was never ours.</summary>
    public HeldJob? Find(JobTicket ticket)
    {
        lock (_gate) return _held.TryGetValue(ticket.Sequence, out var job) && job.Head.Token == ticket.Token ? job : null;
    }

    /// <summary>The stored head changed while the job runs: decide the settle on the new one.</summary>
    public void Refresh(JobHead head)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(head.Sequence, out var job) && job.Head.Token == head.Token && job.Head.Version < head.Version)
            {
                _held[head.Sequence] = job with { Head = head };
            }
        }
    }

    public void Drop(JobTicket ticket)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(ticket.Sequence, out var job) && job.Head.Token == ticket.Token) _held.Remove(ticket.Sequence);
        }
    }

    public HeldJob[] Held()
    {
        lock (_gate) return [.. _held.Values];
    }
}
