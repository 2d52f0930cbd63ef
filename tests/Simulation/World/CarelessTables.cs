using Errand.Storage;
using Errand.Storage.Memory;

namespace Errand.Simulation.Tests.World;

internal sealed class GreedyRetention(IRetentionStore inner, MemoryDatabase tables) : IRetentionStore
{
    public ValueTask<Purged> PurgeExpiredAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken)
    {
        if (tables.Jobs.Values.FirstOrDefault(row => row.Head.State is JobState.Running) is { } alive)
        {
            tables.Tombstones[alive.Head.Key] = new Tombstone(alive.Head.Owner, asOf);
            tables.Remove(alive);
        }

        return inner.PurgeExpiredAsync(asOf, limit, cancellationToken);
    }

    public ValueTask<Purged> PurgeAsync(JobKey key, bool tombstone, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        inner.PurgeAsync(key, tombstone, asOf, cancellationToken);

    public ValueTask<Purged> ForgetAsync(DateTimeOffset asOf, DateTimeOffset tombstonesBefore, int limit, CancellationToken cancellationToken) =>
        inner.ForgetAsync(asOf, tombstonesBefore, limit, cancellationToken);
}

internal sealed class UncountedJobs(IJobStore inner, MemoryDatabase tables) : IJobStore
{
    public ValueTask<BatchOutcome> SubmitAsync(JobBatch batch, CancellationToken cancellationToken) => inner.SubmitAsync(batch, cancellationToken);

    public ValueTask<JobLookup> FindAsync(JobKey key, JobParts parts, CancellationToken cancellationToken) => inner.FindAsync(key, parts, cancellationToken);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public async ValueTask<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken)
    {
        var outcomes = await inner.ApplyAsync(changes, cancellationToken);
        foreach (var (change, outcome) in changes.Zip(outcomes))
        {
            // The head alone, past the tables that are kept by it.
            if (outcome is ChangeOutcome.Applied && change.After.State is JobState.Queued && tables.Jobs.TryGetValue(change.Before.Key, out var row) && row.Head == change.After)
            {
                row.Head = row.Head with { Version = row.Head.Version + 1, State = JobState.Running };
            }
        }

        return outcomes;
    }
}

internal sealed class GenerousQueue(IJobQueue inner, MemoryDatabase tables) : IJobQueue
{
    public async ValueTask<ClaimOutcome> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        var claimed = await inner.ClaimAsync(request, cancellationToken);
        var held = tables.Jobs.Values.FirstOrDefault(row => row.Head.State is JobState.Running && row.Head.Session != request.Session);
        return claimed.Jobs.Count > 0 || held is null ? claimed : claimed with { Jobs = [new ClaimedJob(held.Head, held.Details, held.Input)] };
    }

    public ValueTask<IReadOnlyList<ChangeOutcome>> SettleAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken) => inner.SettleAsync(changes, cancellationToken);

    public ValueTask<IReadOnlyList<JobHead>> ListPastDeadlineAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        inner.ListPastDeadlineAsync(asOf, limit, cancellationToken);
}

internal sealed class RevivingQueue(IJobQueue inner, MemoryDatabase tables) : IJobQueue
{
    public ValueTask<ClaimOutcome> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) => inner.ClaimAsync(request, cancellationToken);

    public ValueTask<IReadOnlyList<ChangeOutcome>> SettleAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            if (tables.Jobs.TryGetValue(change.Before.Key, out var row) && row.Head.State is JobState.Canceled) tables.Change(row, row.Head with { State = change.After.State, Version = row.Head.Version + 1 });
        }

        return inner.SettleAsync(changes, cancellationToken);
    }

    public ValueTask<IReadOnlyList<JobHead>> ListPastDeadlineAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        inner.ListPastDeadlineAsync(asOf, limit, cancellationToken);
}
