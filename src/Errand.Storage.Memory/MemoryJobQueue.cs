namespace Errand.Storage.Memory;

internal sealed class MemoryJobQueue(MemoryVerbs verbs) : IJobQueue
{
    public ValueTask<ClaimOutcome> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Claim, db => Claim(db, request), cancellationToken);

    public ValueTask<IReadOnlyList<ChangeOutcome>> SettleAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Settle, db => MemoryJobStore.Apply(db, changes), cancellationToken);

    public ValueTask<IReadOnlyList<JobHead>> ListPastDeadlineAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<JobHead>>(
            StorageVerb.ListPastDeadline,
            db => [.. db.Deadlines.TakeWhile(row => row.Head.Deadline <= asOf).Take(limit).Select(row => row.Head)],
            cancellationToken);

    private static ClaimOutcome Claim(MemoryDatabase db, ClaimRequest request)
    {
        if (!db.Sessions.ContainsKey(request.Session)) return new ClaimOutcome([], null);
        var claimed = new List<ClaimedJob>();
        var suspects = request.SuspectLimit;
        DateTimeOffset? next = null;
        foreach (var claim in request.Queues)
        {
            var limit = Math.Min(LimitOf(db, claim), request.Limit - claimed.Count);
            if (limit <= 0) continue;
            var taken = db.Waiting.Claim(
                claim, request.Tenant, limit, ref suspects, request.AsOf, row => claimed.Add(Take(db, row, request)));
            if (taken < limit) next = Earlier(next, db.Waiting.NextDue(claim, request.Tenant, request.AsOf));
        }

        return new ClaimOutcome(claimed, next);
    }

    private static int LimitOf(MemoryDatabase db, QueueClaim claim)
    {
        var queue = db.Queues.GetValueOrDefault(claim.Queue);
        if (queue is { Paused: true }) return 0;
        return queue is { MaxConcurrency: { } most } ? Math.Min(claim.Limit, most - db.ClaimedOf(claim.Queue)) : claim.Limit;
    }

    private static ClaimedJob Take(MemoryDatabase db, JobRow row, ClaimRequest request)
    {
        db.Change(row, row.Head with
        {
            State = JobState.Running,
            Version = row.Head.Version + 1,
            Attempt = row.Head.Attempt + 1,
            Session = request.Session,
            Token = ++db.LastToken,
            StartedAt = request.AsOf,
            UpdatedAt = request.AsOf,
        });
        return new ClaimedJob(row.Head, row.Details, row.Input);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right : left;
}
