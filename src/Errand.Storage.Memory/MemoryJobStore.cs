namespace Errand.Storage.Memory;

internal sealed class MemoryJobStore(MemoryVerbs verbs) : IJobStore
{
    public ValueTask<BatchOutcome> SubmitAsync(JobBatch batch, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Submit, db => new Submission(db, batch).Run(), cancellationToken);

    public ValueTask<JobLookup> FindAsync(JobKey key, JobParts parts, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Find, db => Find(db, key, parts), cancellationToken);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.List, db => new Listing(query).Read(db.Jobs.Values), cancellationToken);

    public ValueTask<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Apply, db => Apply(db, changes), cancellationToken);

    /// <summary>Writes what is still decided on the stored version. A settle is the same change, so the queue shares it.</summary>
    public static IReadOnlyList<ChangeOutcome> Apply(MemoryDatabase db, IReadOnlyList<JobChange> changes) =>
        [.. changes.Select(change => Apply(db, change))];

    private static ChangeOutcome Apply(MemoryDatabase db, JobChange change)
    {
        if (!db.Jobs.TryGetValue(change.Before.Key, out var row)) return ChangeOutcome.NotFound;
        if (row.Head.Version != change.Before.Version) return ChangeOutcome.Conflict;
        db.Change(row, change.After);
        if (change.Attempt is { } attempt) row.Attempts.Add(attempt);
        if (change.Result is { } result) row.Result = result with { Body = result.Body.ToArray() };
        if (change.Labels is { } labels) row.Details = row.Details with { Labels = labels.ToDictionary() };
        return ChangeOutcome.Applied;
    }

    private static JobLookup Find(MemoryDatabase db, JobKey key, JobParts parts) =>
        db.Jobs.TryGetValue(key, out var row) ? new(row.Read(parts)) : new(null, db.Tombstones.GetValueOrDefault(key));
}
