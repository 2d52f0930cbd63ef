namespace Errand.Storage.Memory;

internal sealed class MemoryCatalogStore(MemoryVerbs verbs) : ICatalogStore
{
    public ValueTask SaveTypesAsync(IReadOnlyList<StoredType> types, CancellationToken cancellationToken) => verbs.RunAsync(
        StorageVerb.Catalog,
        db =>
        {
            foreach (var type in types) db.Types[type.Name] = type with { Declaration = type.Declaration.ToArray() };
            db.Stamp++;
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<StoredType>> ListTypesAsync(CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<StoredType>>(
            StorageVerb.Catalog, db => [.. db.Types.Values.OrderBy(t => t.Name, StringComparer.Ordinal)], cancellationToken);

    public ValueTask SaveQueueAsync(QueueSettings queue, CancellationToken cancellationToken) => verbs.RunAsync(
        StorageVerb.Catalog,
        db =>
        {
            db.Queues[queue.Name] = queue;
            db.Stamp++;
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<QueueSettings>> ListQueuesAsync(CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<QueueSettings>>(StorageVerb.Catalog, ListQueues, cancellationToken);

    public ValueTask<IReadOnlyList<LaneCount>> CountAsync(string? tenant, CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<LaneCount>>(
            StorageVerb.Catalog, db => [.. db.Counts.Where(count => tenant is null || count.Tenant == tenant)], cancellationToken);

    public ValueTask<DateTimeOffset?> OldestDueAsync(string queue, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Catalog, db => db.Waiting.OldestDue(queue, asOf), cancellationToken);

    private static List<QueueSettings> ListQueues(MemoryDatabase db) =>
        [.. db.Counts.Select(count => count.Queue).Concat(db.Queues.Keys).Distinct().Order(StringComparer.Ordinal)
            .Select(name => db.Queues.GetValueOrDefault(name) ?? new QueueSettings(name))];
}
