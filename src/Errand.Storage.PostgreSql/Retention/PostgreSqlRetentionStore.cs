namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlRetentionStore(Database database) : IRetentionStore
{
    private static readonly TimeSpan TouchesKept = TimeSpan.FromDays(1);

    private static readonly Sql LockExpired = Sql.Of("retention", "lock_expired");
    private static readonly Sql LockFinished = Sql.Of("retention", "lock_finished");
    private static readonly Sql Droppable = Sql.Of("ranges", "droppable");
    private static readonly Sql ForgetTombstones = Sql.Of("retention", "forget_tombstones");
    private static readonly Sql ForgetRequests = Sql.Of("retention", "forget_requests");
    private static readonly Sql ForgetUploads = Sql.Of("retention", "forget_uploads");
    private static readonly Sql ForgetTouches = Sql.Of("ledger", "forget_touches");

    private readonly Leftovers _leftovers = new(database);

    public ValueTask<Purged> PurgeExpiredAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return database.Walks.Finished.WalkAsync(from => PurgeAsync(batch => batch.Add(LockExpired).With(asOf).With(limit).With(from), tombstone: true, leave: true, asOf));
    }

    public async ValueTask<Purged> PurgeAsync(JobKey key, bool tombstone, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await PurgeAsync(batch => batch.Add(LockFinished).With(key.Id.Value).With(key.Tenant), tombstone, leave: false, asOf)).Purged;
    }

    public async ValueTask<Purged> ForgetAsync(DateTimeOffset asOf, DateTimeOffset tombstonesBefore, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var uploads = await database.CommitAsync(
            batch =>
            {
                batch.Add(ForgetUploads).With(asOf).With(limit);
                batch.Add(ForgetTouches).With(asOf - TouchesKept);
            },
            results => results.ListAsync(row => row.Text()));
        var requests = await database.Walks.Requests.WalkAsync(from => ForgetAsync(ForgetRequests, asOf, limit, from));
        var tombstones = await database.Walks.Tombstones.WalkAsync(from => ForgetAsync(ForgetTombstones, tombstonesBefore, limit, from));
        return new Purged(uploads.Count + requests + tombstones, uploads);
    }

    private async ValueTask<(int Rows, long? Last)> ForgetAsync(Sql statement, DateTimeOffset until, int limit, long from)
    {
        var times = await database.CommitAsync(batch => batch.Add(statement).With(until).With(limit).With(from), results => results.ListAsync(row => row.Int64()));
        return (times.Count, times.Count > 0 ? times.Max() : null);
    }

    private async ValueTask<(Purged Purged, long? Last)> PurgeAsync(Action<Batch> find, bool tombstone, bool leave, DateTimeOffset asOf)
    {
        var (purged, last) = await RemoveAsync(find, tombstone, leave, asOf);
        try
        {
            if (purged.Jobs > 0) await _leftovers.RemoveAsync();
        }
        catch (StorageException)
        {
            // The purge is committed: what cannot be cleaned up now is by the next one, and the caller must get its locations.
        }

        return (purged, last);
    }

    private async ValueTask<(Purged Purged, long? Last)> RemoveAsync(Action<Batch> find, bool tombstone, bool leave, DateTimeOffset asOf)
    {
        await using var session = await database.OpenAsync();
        var batch = session.BeginBatch();
        find(batch);

        // Whoever says that his job shall be gone means its bytes: those of an expired one may lie until their range is dropped.
        if (leave) batch.Add(Droppable);
        var (jobs, ranges) = await session.RunAsync(batch, async results => (
            await results.ListAsync(row => (Sequence: row.Int64(), ExpiresAt: row.Int64OrNull())),
            leave ? await results.ListAsync(row => new JobRange(row.Int64(), row.Int64())) : []));
        return (await JobRemoval.RemoveAsync(session, jobs.ConvertAll(job => job.Sequence), ranges, tombstone, asOf), jobs.Max(job => job.ExpiresAt));
    }
}
