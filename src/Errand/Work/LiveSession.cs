using System.Collections.Frozen;
using Errand.Limits;
using Errand.Signals;

namespace Errand.Work;

/// <summary>A worker session that speaks to this node: what it can run, what it holds, and how it is woken.</summary>
internal sealed class LiveSession
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, HeldJob> _held = [];
    private readonly FrozenSet<string> _types;
    private readonly FrozenSet<string> _queues;
    private readonly SlotRoom _room;
    private long _nextDueTicks = long.MaxValue;
    private volatile bool _hasWork;
    private volatile bool _ended;
    private volatile bool _wasOut;

    public LiveSession(SessionId id, SessionRequest request, ISessionListener listener, ErrandOptions options, TimeProvider time)
    {
        Id = id;
        _room = new SlotRoom(request.Slots, options, time);
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

    /// <summary>The store did not answer the last time: when it does again, the slots start slowly.</summary>
    public bool WasOut
    {
        get => _wasOut;
        set => _wasOut = value;
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

    public bool Runs(JobHead job) => Runs(job.Tenant, job.Queue, job.Type);

    public bool Runs(string tenant, string queue, string type) =>
        _types.Contains(type) && Serves(queue) && (Request.Tenant is null || Request.Tenant == tenant);

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

    /// <summary>A claim is over. Where it makes room that the session waits for, it is woken.</summary>
    public void Drop(JobTicket ticket, bool succeeded = false)
    {
        var wanted = false;
        lock (_gate)
        {
            if (!_held.TryGetValue(ticket.Sequence, out var job) || job.Head.Token != ticket.Token) return;
            _held.Remove(ticket.Sequence);
            if (succeeded) _room.Succeeded(job.Head.Queue);
            wanted = _room.IsShort;
        }

        if (wanted) Wake();
    }

    /// <summary>How many of the wanted jobs a slow start lets it claim, and how long until it lets it claim more.</summary>
    public (int Allowed, TimeSpan? More) Room(int wanted)
    {
        lock (_gate)
        {
            // Each try during an outage begins anew, so that the one that succeeds is the beginning.
            if (WasOut) _room.BeginAgain();
            return _room.Look(wanted, _held.Count);
        }
    }

    /// <summary>The same for one queue.</summary>
    public (int Allowed, TimeSpan? More) Room(QueueState queue, int wanted)
    {
        lock (_gate) return _room.Look(queue, wanted, name => _held.Values.Count(job => job.Head.Queue == name));
    }

    public HeldJob[] Held()
    {
        lock (_gate) return [.. _held.Values];
    }
}
