namespace Errand.Storage.Sqlite;

internal sealed class SqliteJobStore(Database database) : IJobStore
{
    public ValueTask<BatchOutcome> SubmitAsync(JobBatch batch, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => new Submission(transaction, batch).Run(), cancellationToken, batch.Jobs.Count, grows: true);

    public ValueTask<JobLookup> FindAsync(JobKey key, JobParts parts, CancellationToken cancellationToken) =>
        database.Seen?.Find(key, parts) is { } job ? new ValueTask<JobLookup>(new JobLookup(job)) : ReadAsync(key, parts, cancellationToken);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(db => new Listing(db, database.Names, query).Read(), cancellationToken);

    public ValueTask<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => Changes.Apply(transaction, changes), cancellationToken, changes.Count);

    private ValueTask<JobLookup> ReadAsync(JobKey key, JobParts parts, CancellationToken cancellationToken) => database.ReadAsync(
        db =>
        {
            var seen = database.Seen;
            var after = seen?.Begin() ?? 0;
            var found = Lookup.Find(db, database.Names, key, parts);
            if (found.Job is { } job) seen?.Keep(key, parts, job, after);
            return found;
        },
        cancellationToken);
}
