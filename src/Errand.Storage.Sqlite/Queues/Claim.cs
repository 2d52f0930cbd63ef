namespace Errand.Storage.Sqlite;

/// <summary>
/// One claim. For each queue and priority it merges the shelves that hold something, in the order of due time and sequence: what the
/// session cannot run lies on other shelves and is never looked at.
/// </summary>
internal sealed class Claim(Transaction transaction, ClaimRequest request)
{
    private const int HighestPriority = 9;

    private static readonly Sql SessionExists = Sql.Of("claim", "session_exists");
    private static readonly Sql ReadJob = Sql.Of("claim", "read");
    private static readonly Sql TakeJob = Sql.Of("claim", "take");

    private readonly Ledger _ledger = transaction.Ledger;
    private readonly List<ClaimedJob> _jobs = [];
    private readonly List<long> _picked = [];
    private int _suspects = request.SuspectLimit;
    private long? _nextDue;

    public ClaimOutcome Run()
    {
        if (!IsSessionThere()) return new ClaimOutcome([], null);
        foreach (var queue in request.Queues) ClaimFrom(queue);
        return new ClaimOutcome(_jobs, _nextDue is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null);
    }

    private bool IsSessionThere()
    {
        using var exists = transaction.Use(SessionExists);
        return exists.Bind(request.Session.Value).Step();
    }

    private void ClaimFrom(QueueClaim queue)
    {
        var limit = (int)Math.Min(_ledger.Limits.RoomIn(queue.Queue, transaction), Math.Min(queue.Limit, request.Limit - _jobs.Count));
        if (limit <= 0) return;

        var lanes = LanesFor(queue);
        var nextDue = _nextDue;
        Pick(lanes, queue.FirstPriority, limit);
        for (var priority = HighestPriority; priority >= 0; priority--)
        {
            if (priority != queue.FirstPriority) Pick(lanes, priority, limit);
        }

        // What comes next is of interest only to a session that was left wanting.
        if (_picked.Count == limit) _nextDue = nextDue;
        foreach (var job in _picked) _jobs.Add(Take(job));
        _picked.Clear();
    }

    private List<Lane> LanesFor(QueueClaim queue)
    {
        var types = queue.Types.ToHashSet(StringComparer.Ordinal);
        return [.. _ledger.Lanes.OfQueue(queue.Queue).Where(lane => types.Contains(lane.Type) && MayGive(lane))];
    }

    private bool MayGive(Lane lane) => lane.CountOf(JobState.Queued) > 0 && (request.Tenant is null || lane.TenantName == request.Tenant);

    /// <summary>Picks due jobs of one priority until there are <paramref name="limit"/> of the queue.</summary>
    private void Pick(List<Lane> lanes, int priority, int limit)
    {
        if (_picked.Count == limit) return;
        using var merge = new ShelfMerge(transaction.Db);
        foreach (var lane in lanes)
        {
            if (lane.WaitingOn(priority, suspects: false) > 0) merge.Add(lane.Shelf(priority, suspects: false));
            if (lane.WaitingOn(priority, suspects: true) > 0) merge.Add(lane.Shelf(priority, suspects: true), areSuspects: true);
        }

        while (_picked.Count < limit && merge.TryTake(request.AsOf, _suspects > 0, out var job, out var isSuspect))
        {
            _picked.Add(job);
            if (isSuspect) _suspects--;
        }

        if (merge.NextDue is { } due && !(due >= _nextDue)) _nextDue = due;
    }

    private ClaimedJob Take(long job)
    {
        using var read = transaction.Use(ReadJob);
        read.Bind(job).Step();
        var waiting = HeadRow.Read(read, _ledger);
        var (details, input) = (DetailsRow.Read(read), InputRow.Read(read));
        var head = waiting with
        {
            State = JobState.Running,
            Version = waiting.Version + 1,
            Attempt = waiting.Attempt + 1,
            Session = request.Session,
            Token = _ledger.NextToken(),
            StartedAt = request.AsOf,
            UpdatedAt = request.AsOf,
        };

        using var take = transaction.Use(TakeJob);
        take.Bind(job).Bind(head.Version).Bind(head.Attempt).Bind(request.Session).Bind(head.Token).Bind(request.AsOf).Run();
        var lane = _ledger.LaneOf(head);
        _ledger.Count(lane, waiting, -1);
        _ledger.Count(lane, head, +1);
        return new ClaimedJob(head, details, input);
    }
}
