namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlCatalogStore(Database database) : ICatalogStore
{
    private static readonly Sql SaveTypes = Sql.Of("catalog", "save_types");
    private static readonly Sql ListTypes = Sql.Of("catalog", "list_types");
    private static readonly Sql SaveQueue = Sql.Of("catalog", "save_queue");
    private static readonly Sql ListKnownQueues = Sql.Of("catalog", "list_known_queues");
    private static readonly Sql Count = Sql.Of("catalog", "count");
    private static readonly Sql OldestDue = Sql.Of("catalog", "oldest_due");

    public async ValueTask SaveTypesAsync(IReadOnlyList<StoredType> types, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (types.Count == 0) return;

        // In one order on every node: two that start at once must not wait for each other's rows.
        var sorted = types.DistinctBy(type => type.Name).OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
        await database.CommitAsync(batch =>
        {
            batch.Add(SaveTypes).With(sorted.Select(type => type.Name)).With(sorted.Select(type => type.Declaration.ToArray()))
                .With(sorted.Select(type => type.SeenAt.UtcTicks));
            batch.Add(PostgreSqlSecurityStore.MoveStamp);
        });
    }

    public async ValueTask<IReadOnlyList<StoredType>> ListTypesAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(
            batch => batch.Add(ListTypes), results => results.ListAsync(row => new StoredType(row.Text(), row.Bytes(), row.Time())));
    }

    public async ValueTask SaveQueueAsync(QueueSettings queue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await database.CommitAsync(batch =>
        {
            batch.Add(SaveQueue).With(queue.Name).With(queue.Paused).With(queue.MaxConcurrency).With(queue.Rate);
            batch.Add(PostgreSqlSecurityStore.MoveStamp);
        });
    }

    public async ValueTask<IReadOnlyList<QueueSettings>> ListQueuesAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(
            batch => batch.Add(ListKnownQueues),
            results => results.ListAsync(row => new QueueSettings(row.Text(), row.Bool(), row.Int32OrNull(), row.DoubleOrNull())));
    }

    public async ValueTask<IReadOnlyList<LaneCount>> CountAsync(string? tenant, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(
            batch => batch.Add(Count).With(tenant),
            results => results.ListAsync(row => new LaneCount(row.Text(), row.Text(), row.Text(), (JobState)row.Int16(), row.Int64())));
    }

    public async ValueTask<DateTimeOffset?> OldestDueAsync(string queue, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(OldestDue).With(queue).With(asOf), results => results.FirstAsync(row => row.TimeOrNull()));
    }
}
