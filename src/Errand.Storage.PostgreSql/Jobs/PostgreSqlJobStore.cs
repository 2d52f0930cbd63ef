namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlJobStore(Writers writers, Listing listing) : IJobStore
{
    public ValueTask<BatchOutcome> SubmitAsync(JobBatch batch, CancellationToken cancellationToken) =>
        writers.Submits.AskAsync(batch, batch.Jobs.Count, cancellationToken);

    public ValueTask<JobLookup> FindAsync(JobKey key, JobParts parts, CancellationToken cancellationToken) =>
        writers.Lookups.AskAsync(new LookupAsked(key, parts), 1, cancellationToken);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) => listing.ReadAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken) =>
        writers.Changes.AskAsync(changes, changes.Count, cancellationToken);
}
