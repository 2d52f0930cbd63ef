using Errand.Catalog;
using Errand.Limits;
using Errand.Storage;

namespace Errand.Work;

/// <summary>What one claim asks of which queue: known queues for <c>*</c>, rates applied, the reserved share served.</summary>
internal sealed class ClaimPlan
{
    private static uint s_turn;

    private readonly List<(QueueState State, int Permitted, int Wanted)> _permits = [];

    /// <summary>The queues, in the order in which they are served.</summary>
    public List<QueueClaim> Queues { get; } = [];

    /// <summary>At most this many jobs in all.</summary>
    public int Limit { get; private set; }

    /// <summary>How long a rate or a slow start holds something back; null when none does.</summary>
    public TimeSpan? HeldBackFor { get; private set; }

    public static ClaimPlan Make(LiveSession session, IReadOnlyList<QueueDemand> demands, QueueCatalog queues)
    {
        var plan = new ClaimPlan();
        (plan.Limit, plan.HeldBackFor) = session.Room(demands.Sum(demand => Math.Max(0, demand.Limit)));
        if (plan.Limit == 0) return plan;
        foreach (var demand in demands)
        {
            if (demand.Limit <= 0) continue;
            if (demand.Queue == "*") plan.AddEvery(session, demand.Limit, queues);
            else plan.Add(session, queues.Get(demand.Queue), demand.Limit);
        }

        return plan;
    }

    /// <summary>
    /// Gives back what was permitted and not used; where all of it was used, the rate is what the session waits for next.
    /// </summary>
    public void Used(IReadOnlyList<ClaimedJob> jobs)
    {
        foreach (var (state, permitted, wanted) in _permits)
        {
            if (state.Settings.Rate is null) continue;
            var unused = permitted - jobs.Count(job => job.Head.Queue == state.Settings.Name);
            state.Return(unused);
            if (unused == 0 && permitted < wanted) HoldBack(state.UntilPermitted());
        }
    }

    /// <summary>Each claim begins with another queue, so that a full one does not keep the later ones waiting.</summary>
    private void AddEvery(LiveSession session, int limit, QueueCatalog queues)
    {
        var names = queues.Names;
        var first = (int)(Interlocked.Increment(ref s_turn) % Math.Max(1, (uint)names.Length));
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[(first + i) % names.Length];
            if (session.Serves(name)) Add(session, queues.Get(name), limit);
        }
    }

    private void Add(LiveSession session, QueueState state, int limit)
    {
        var settings = state.Settings;
        if (settings.Paused || Queues.Exists(claim => claim.Queue == settings.Name)) return;
        var (allowed, more) = session.Room(state, limit);
        if (more is { } wait) HoldBack(wait);
        if (allowed == 0) return;
        var permitted = state.Permit(allowed);
        if (permitted == 0)
        {
            HoldBack(state.UntilPermitted());
            return;
        }

        _permits.Add((state, permitted, allowed));
        Queues.Add(new QueueClaim(settings.Name, session.Request.Types, permitted, state.NextFirstPriority()));
    }

    private void HoldBack(TimeSpan wait)
    {
        if (HeldBackFor is null || wait < HeldBackFor) HeldBackFor = wait;
    }
}
