namespace Errand.Storage.Memory;

internal sealed class MemoryRetentionStore(MemoryVerbs verbs) : IRetentionStore
{
    public ValueTask<Purged> PurgeExpiredAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.PurgeExpired, db => PurgeExpired(db, asOf, limit), cancellationToken);

    public ValueTask<Purged> PurgeAsync(JobKey key, bool tombstone, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        verbs.RunAsync(
            StorageVerb.Purge,
            db => db.Jobs.TryGetValue(key, out var row) && row.Head.State.IsTerminal()
                ? new Purged(1, Purge(db, row, tombstone, asOf))
                : new Purged(0, []),
            cancellationToken);

    public ValueTask<Purged> ForgetAsync(
        DateTimeOffset asOf, DateTimeOffset tombstonesBefore, int limit, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Forget, db => Forget(db, asOf, tombstonesBefore, limit), cancellationToken);

    private static Purged PurgeExpired(MemoryDatabase db, DateTimeOffset asOf, int limit)
    {
        var expired = db.Expiring.TakeWhile(row => row.Head.ExpiresAt <= asOf).Take(limit).ToList();
        return new Purged(expired.Count, [.. expired.SelectMany(row => Purge(db, row, tombstone: true, asOf))]);
    }

    private static List<string> Purge(MemoryDatabase db, JobRow row, bool tombstone, DateTimeOffset asOf)
    {
        if (tombstone) db.Tombstones[row.Head.Key] = new Tombstone(row.Head.Owner, asOf);
        return db.Remove(row);
    }

    private static Purged Forget(MemoryDatabase db, DateTimeOffset asOf, DateTimeOffset tombstonesBefore, int limit)
    {
        var uploads = Take(db.Uploads, upload => !upload.Used && upload.Upload.ExpiresAt <= asOf, limit);
        var tombstones = Take(db.Tombstones, tombstone => tombstone.PurgedAt < tombstonesBefore, limit);
        var requests = Take(db.Requests, request => request.ExpiresAt <= asOf, limit);
        return new Purged(uploads.Count + tombstones.Count + requests.Count, [.. uploads.Select(upload => upload.Upload.Location)]);
    }

    /// <summary>Takes up to so many rows out of a table.</summary>
    private static List<TRow> Take<TKey, TRow>(Dictionary<TKey, TRow> table, Func<TRow, bool> isOver, int limit)
        where TKey : notnull
    {
        var over = table.Where(entry => isOver(entry.Value)).Take(limit).ToList();
        foreach (var (key, _) in over) table.Remove(key);
        return [.. over.Select(entry => entry.Value)];
    }
}
