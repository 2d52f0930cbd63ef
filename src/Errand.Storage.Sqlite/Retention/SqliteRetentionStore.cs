namespace Errand.Storage.Sqlite;

internal sealed class SqliteRetentionStore(Database database) : IRetentionStore
{
    private static readonly Sql ListExpired = Sql.Of("retention", "list_expired");
    private static readonly Sql FindFinished = Sql.Of("retention", "find_finished");
    private static readonly Sql ForgetRequests = Sql.Of("retention", "forget_requests");
    private static readonly Sql ForgetUploads = Sql.Of("retention", "forget_uploads");

    private readonly Leftovers _leftovers = new(database);
    private readonly TombstoneWalk _tombstones = new();

    public async ValueTask<Purged> PurgeExpiredAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        await CleanUpAsync(
            await database.WriteAsync(t => Purge(t, Expired(t, asOf, limit), tombstone: true, asOf), cancellationToken, limit));

    public async ValueTask<Purged> PurgeAsync(JobKey key, bool tombstone, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        await CleanUpAsync(await database.WriteAsync(t => Purge(t, Finished(t, key), tombstone, asOf), cancellationToken));

    public async ValueTask<Purged> ForgetAsync(
        DateTimeOffset asOf, DateTimeOffset tombstonesBefore, int limit, CancellationToken cancellationToken)
    {
        var tombstones = await database.ReadAsync(db => _tombstones.FindBefore(db, tombstonesBefore, limit), cancellationToken);
        return await database.WriteAsync(
            transaction =>
            {
                var uploads = transaction.Db.List(ForgetUploads, forget => forget.Bind(asOf).Bind(limit), row => row.Text());
                var requests = transaction.Db.Run(ForgetRequests, forget => forget.Bind(asOf).Bind(limit));
                return new Purged(uploads.Count + requests + TombstoneWalk.Remove(transaction.Db, tombstones), uploads);
            },
            cancellationToken,
            limit * 3);
    }

    private static Purged Purge(Transaction transaction, List<long> jobs, bool tombstone, DateTimeOffset asOf)
    {
        var removal = new JobRemoval(transaction, asOf);
        foreach (var job in jobs) removal.Remove(job, tombstone);
        return new Purged(jobs.Count, removal.Locations);
    }

    private static List<long> Expired(Transaction transaction, DateTimeOffset asOf, int limit) =>
        transaction.Db.List(ListExpired, list => list.Bind(asOf).Bind(limit), row => row.Int64());

    private static List<long> Finished(Transaction transaction, JobKey key) =>
        transaction.Ledger.Tenants.TryFind(key.Tenant, out var tenant)
            ? transaction.Db.List(FindFinished, find => find.Bind(key.Id.Value).Bind(tenant), row => row.Int64())
            : [];

    /// <summary>The purge is committed: what cannot be cleaned up now is by the next one, and the caller must get its locations.</summary>
    private async ValueTask<Purged> CleanUpAsync(Purged purged)
    {
        try
        {
            await _leftovers.RemoveAsync(CancellationToken.None);
        }
        catch (StorageException)
        {
            return purged;
        }

        return purged;
    }
}
