namespace Errand.Storage.Sqlite;

internal sealed class SqliteCatalogStore(Database database) : ICatalogStore
{
    private static readonly Sql SaveType = Sql.Of("catalog", "save_type");
    private static readonly Sql ListTypes = Sql.Of("catalog", "list_types");
    private static readonly Sql SaveQueue = Sql.Of("catalog", "save_queue");
    private static readonly Sql ListKnownQueues = Sql.Of("catalog", "list_known_queues");
    private static readonly Sql Count = Sql.Of("catalog", "count");
    private static readonly Sql OldestDue = Sql.Of("catalog", "oldest_due");

    public async ValueTask SaveTypesAsync(IReadOnlyList<StoredType> types, CancellationToken cancellationToken) =>
        await database.WriteAsync(transaction => Save(transaction, types), cancellationToken);

    public ValueTask<IReadOnlyList<StoredType>> ListTypesAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredType>>(
            db => db.List(ListTypes, _ => { }, row => new StoredType(row.Text(), row.Memory(), row.Time())), cancellationToken);

    public async ValueTask SaveQueueAsync(QueueSettings queue, CancellationToken cancellationToken) =>
        await database.WriteAsync(transaction => Save(transaction, queue), cancellationToken);

    public ValueTask<IReadOnlyList<QueueSettings>> ListQueuesAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<QueueSettings>>(db => db.List(ListKnownQueues, _ => { }, QueueRow.Read), cancellationToken);

    public ValueTask<IReadOnlyList<LaneCount>> CountAsync(string? tenant, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<LaneCount>>(
            db => [.. db.List(Count, count => count.Bind(tenant), ReadCounts).SelectMany(counts => counts)], cancellationToken);

    public ValueTask<DateTimeOffset?> OldestDueAsync(string queue, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.First(OldestDue, oldest => oldest.Bind(queue).Bind(asOf), row => row.TimeOrNull()), cancellationToken);

    private static bool Save(Transaction transaction, IReadOnlyList<StoredType> types)
    {
        foreach (var type in types)
        {
            transaction.Db.Run(SaveType, save => save.Bind(type.Name).BindBlob(type.Declaration.Span).Bind(type.SeenAt));
        }

        return Stamp.Move(transaction.Db);
    }

    private static bool Save(Transaction transaction, QueueSettings queue)
    {
        transaction.Db.Run(SaveQueue, save => save.Bind(queue.Name).Bind(queue.Paused).Bind(queue.MaxConcurrency).Bind(queue.Rate));
        return Stamp.Move(transaction.Db);
    }

    private static List<LaneCount> ReadCounts(Statement row)
    {
        var (tenant, queue, type) = (row.Text(), row.Text(), row.Text());
        var counts = new List<LaneCount>();
        for (var state = JobState.Queued; state <= JobState.Canceled; state++)
        {
            if (row.Int64() is > 0 and var jobs) counts.Add(new LaneCount(tenant, queue, type, state, jobs));
        }

        return counts;
    }
}
