using Errand.Simulation.Tests.World;
using Errand.Storage.Memory;

namespace Errand.Simulation.Tests.Promises;

/// <summary>
/// What was promised about the heads of jobs, looked at after every write: none goes back, none vanishes alive or before its time, no token owns two, no limit is passed, and the counts are
/// what a recount gives. It reads the tables themselves, so that a look costs next to nothing.
/// </summary>
internal sealed class HeadLedger(MemoryDatabase jobs, Func<DateTimeOffset> latest, Action<string> say)
{
    private static readonly int States = Enum.GetValues<JobState>().Length;

    private readonly Dictionary<JobId, JobHead> _seen = [];
    private readonly HashSet<JobId> _gone = [];
    private readonly HashSet<JobId> _mayBePurged = [];
    private readonly HashSet<string> _uniqueKeys = [];
    private readonly HashSet<long> _claims = [];
    private readonly long[] _recount = new long[Client.Queues.Length * Server.Types.Length * States];
    private BrokenPromiseException? _broken;

    /// <summary>How many jobs live.</summary>
    public int Live { get; private set; }

    public JobHead? Seen(JobId id) => _seen.GetValueOrDefault(id);

    /// <summary>A client has asked for it: it may go before its time, but not alive.</summary>
    public void MayBePurged(JobId id) => _mayBePurged.Add(id);

    /// <summary>Looks at all jobs.</summary>
    public void Look()
    {
        try
        {
            LookAtAll();
        }
        catch (BrokenPromiseException e)
        {
            _broken ??= e;
        }
    }

    public void Complain()
    {
        if (_broken is not null) throw new BrokenPromiseException(_broken.Message);
    }

    public static void CheckNotOlder(JobHead? before, JobHead now)
    {
        if (before is null || before == now) return;
        if (before.State.IsTerminal()) Break($"job {now.Sequence} had ended as {before.State} and is {now.State} now, version {before.Version} to {now.Version}");
        if (now.Version <= before.Version) Break($"job {now.Sequence} went from version {before.Version} to {now.Version}");
        if (now.Token < before.Token) Break($"job {now.Sequence} went from token {before.Token} to {now.Token}");
        if (now.Sequence != before.Sequence) Break($"job {now.Id} has the sequences {before.Sequence} and {now.Sequence}");
    }

    private void LookAtAll()
    {
        Array.Clear(_recount);
        _uniqueKeys.Clear();
        _claims.Clear();
        var (live, narrow) = (0, 0);
        foreach (var row in jobs.Jobs.Values)
        {
            var head = row.Head;
            See(head);
            _recount[LaneOf(head.Queue, head.Type, head.State)]++;
            if (head.State.IsTerminal()) continue;
            live++;
            if (head.UniqueKey is { } key && !_uniqueKeys.Add(key)) Break($"the unique key {key} is held by two live jobs");
            if (!head.State.IsClaimed()) continue;
            if (!_claims.Add(head.Token)) Break($"the token {head.Token} owns two jobs");
            if (head.Queue == Client.NarrowQueue) narrow++;
        }

        Live = live;
        if (narrow > Ledger.NarrowMax) Break($"{narrow} jobs of the narrow queue run at once");
        if (_seen.Count - _gone.Count > jobs.Jobs.Count) CheckTheGone();
        CheckCounts();
    }

    private void See(JobHead now)
    {
        var before = _seen.GetValueOrDefault(now.Id);
        if (ReferenceEquals(before, now)) return;
        CheckNotOlder(before, now);
        _gone.Remove(now.Id);
        Say(before, now);
        _seen[now.Id] = now;
    }

    private void CheckTheGone()
    {
        foreach (var (id, last) in _seen)
        {
            if (jobs.Jobs.ContainsKey(last.Key) || !_gone.Add(id)) continue;
            if (!last.State.IsTerminal()) Break($"job {last.Sequence} was purged alive: it was {last.State}");
            if (!jobs.Tombstones.ContainsKey(last.Key)) Break($"job {last.Sequence} went without a tombstone");
            if (!_mayBePurged.Contains(id) && !(last.ExpiresAt <= latest())) Break($"job {last.Sequence} was purged before its time, {last.ExpiresAt:O}");
        }
    }

    private void CheckCounts()
    {
        var counted = 0L;
        foreach (var lane in jobs.Counts)
        {
            counted += lane.Jobs;
            var real = _recount[LaneOf(lane.Queue, lane.Type, lane.State)];
            if (lane.Jobs != real) Break($"the counts say that {lane.Jobs} jobs of {lane.Queue}, {lane.Type} are {lane.State}, and {real} are");
        }

        if (counted != jobs.Jobs.Count) Break($"the counts add up to {counted} jobs, and there are {jobs.Jobs.Count}");
    }

    private static int LaneOf(string queue, string type, JobState state) =>
        (((Array.IndexOf(Client.Queues, queue) * Server.Types.Length) + Array.IndexOf(Server.Types, type)) * States) + (int)state;

    private void Say(JobHead? before, JobHead now)
    {
        if (now.Losses > before?.Losses) say($"job {now.Sequence} lost its worker");
        if (now.State is JobState.Canceling) say($"job {now.Sequence} was asked to stop");
        if (now.State.IsTerminal()) say($"job {now.Sequence} ended as {now.State} {now.Error?.Code}");
    }

    private static void Break(string what) => throw new BrokenPromiseException($"{what}.");
}
