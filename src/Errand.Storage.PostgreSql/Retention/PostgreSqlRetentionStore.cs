namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlRetentionStore(Database database) : IRetentionStore
{
    private static readonly TimeSpan TouchesKept = TimeSpan.FromDays(1);

    private static readonly Sql LockExpired = Sql.Of("retention", "lock_expired");
    private static readonly Sql LockFinished = Sql.Of("retention", "lock_finished");
    private static readonly Sql ForgetTombstones = Sql.Of("retention", "forget_tombstones");
    private static readonly Sql ForgetRequests = Sql.Of("retention", "forget_requests");
    private static readonly Sql ForgetUploads = Sql.Of("retention", "forget_uploads");
    private static readonly Sql ForgetTouches = Sql.Of("ledger", "forget_touches");

    private readonly Leftovers _leftovers = new(database);

    public ValueTask<Purged> PurgeExpiredAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        PurgeAsync(batch => batch.Add(LockExpired).With(asOf).With(limit), tombstone: true, asOf, cancellationToken);

    public ValueTask<Purged> PurgeAsync(JobKey key, bool tombstone, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        PurgeAsync(batch => batch.Add(LockFinished).With(key.Id.Value).With(key.Tenant), tombstone, asOf, cancellationToken);

    public async ValueTask<Purged> ForgetAsync(DateTimeOffset asOf, DateTimeOffset tombstonesBefore, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Call[] counted = [];
        var uploads = await database.CommitAsync(
            batch =>
            {
                batch.Add(ForgetUploads).With(asOf).With(limit);
                counted = [batch.Add(ForgetRequests).With(asOf).With(limit), batch.Add(ForgetTombstones).With(tombstonesBefore).With(limit)];
                batch.Add(ForgetTouches).With(asOf - TouchesKept);
            },
            results => results.ListAsync(row => row.Text()));
        return new Purged(uploads.Count + counted.Sum(call => (int)call.Command.RecordsAffected), uploads);
    }

    private async ValueTask<Purged> PurgeAsync(Action<Batch> find, bool tombstone, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var purged = await RemoveAsync(find, tombstone, asOf);
        try
        {
            if (purged.Jobs > 0) await _leftovers.RemoveAsync();
        }
        catch (StorageException)
        {
            // The purge is committed: what cannot be cleaned up now is by the next one, and the caller must get its locations.
        }

        return purged;
    }

    private async ValueTask<Purged> RemoveAsync(Action<Batch> find, bool tombstone, DateTimeOffset asOf)
    {
        await using var session = await database.OpenAsync();
        var batch = session.BeginBatch();
        find(batch);
        var jobs = await session.RunAsync(batch, results => results.ListAsync(row => row.Int64()));
        return await JobRemoval.RemoveAsync(session, jobs, tombstone, asOf);
    }
}
