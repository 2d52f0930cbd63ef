namespace Errand.Storage.Memory;

/// <summary>
/// Queued jobs as claims look at them. A lane holds the jobs of one queue, type and tenant, suspects apart, so that whatever a claim may
/// not take (another type, another tenant, a suspect too many) is passed over as a whole and costs nothing, however long it is.
/// </summary>
internal sealed class WaitingJobs
{
    private readonly Dictionary<string, Dictionary<LaneKey, Lane>> _queues = [];

    public void Add(JobRow row) => LaneOf(row.Head).Add(row);

    public void Remove(JobRow row) => LaneOf(row.Head).Remove(row);

    /// <summary>
    /// Hands due jobs to <paramref name="take"/> in the order of a claim, until it has had <paramref name="limit"/>; returns how many. It
    /// must take each out of the index.
    /// </summary>
    public int Claim(QueueClaim claim, string? tenant, int limit, ref int suspects, DateTimeOffset asOf, Action<JobRow> take)
    {
        var lanes = LanesFor(claim, tenant);
        var taken = 0;
        for (var step = -1; step < 10 && taken < limit; step++)
        {
            taken += ClaimPriority(lanes, step < 0 ? claim.FirstPriority : 9 - step, limit - taken, ref suspects, asOf, take);
        }

        return taken;
    }

    /// <summary>When the next job that the claim could take becomes due, after <paramref name="asOf"/>.</summary>
    public DateTimeOffset? NextDue(QueueClaim claim, string? tenant, DateTimeOffset asOf) => LanesFor(claim, tenant)
        .SelectMany(lane => lane.Firsts).Select(row => row.Head.DueAt).Where(due => due > asOf).Select(due => (DateTimeOffset?)due).Min();

    public DateTimeOffset? OldestDue(string queue, DateTimeOffset asOf) => _queues.GetValueOrDefault(queue)?.Values
        .SelectMany(lane => lane.Firsts).Select(row => row.Head.DueAt).Where(due => due <= asOf).Select(due => (DateTimeOffset?)due).Min();

    private static int ClaimPriority(
        List<Lane> lanes, int priority, int limit, ref int suspects, DateTimeOffset asOf, Action<JobRow> take)
    {
        var heads = new PriorityQueue<Lane, JobRow>(RowOrder.Due);
        foreach (var lane in lanes) Offer(lane);
        var taken = 0;
        while (taken < limit && heads.TryDequeue(out var lane, out var row))
        {
            if (row.Head.Losses > 0 && suspects-- <= 0) continue;
            take(row);
            taken++;
            Offer(lane);
        }

        return taken;

        void Offer(Lane lane)
        {
            if (lane.First(priority) is { } first && first.Head.DueAt <= asOf) heads.Enqueue(lane, first);
        }
    }

    private List<Lane> LanesFor(QueueClaim claim, string? tenant)
    {
        if (!_queues.TryGetValue(claim.Queue, out var lanes)) return [];
        var types = claim.Types.ToHashSet();
        return [.. lanes.Where(l => types.Contains(l.Key.Type) && (tenant is null || l.Key.Tenant == tenant)).Select(l => l.Value)];
    }

    private Lane LaneOf(JobHead head)
    {
        if (!_queues.TryGetValue(head.Queue, out var lanes)) _queues.Add(head.Queue, lanes = []);
        var key = new LaneKey(head.Type, head.Tenant, head.Losses > 0);
        if (!lanes.TryGetValue(key, out var lane)) lanes.Add(key, lane = new Lane());
        return lane;
    }

    private readonly record struct LaneKey(string Type, string Tenant, bool Suspect);

    private sealed class Lane
    {
        private readonly SortedSet<JobRow>?[] _byPriority = new SortedSet<JobRow>?[10];

        /// <summary>The first job of each priority.</summary>
        public IEnumerable<JobRow> Firsts => _byPriority.Select(set => set?.Min).OfType<JobRow>();

        public JobRow? First(int priority) => _byPriority[priority]?.Min;

        public void Add(JobRow row) => (_byPriority[row.Head.Priority] ??= new(RowOrder.Due)).Add(row);

        public void Remove(JobRow row) => _byPriority[row.Head.Priority]?.Remove(row);
    }
}
