namespace Errand.Storage.Memory;

internal sealed class MemoryScheduleStore(MemoryVerbs verbs) : IScheduleStore
{
    public ValueTask<StoredSchedule?> FindAsync(string tenant, string name, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Schedules, db => db.Schedules.GetValueOrDefault((tenant, name)), cancellationToken);

    public ValueTask<IReadOnlyList<StoredSchedule>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<StoredSchedule>>(
            StorageVerb.Schedules,
            db => [.. db.Schedules.Values
                .Where(one => one.Tenant == tenant && (after is null || string.CompareOrdinal(one.Name, after) > 0))
                .OrderBy(one => one.Name, StringComparer.Ordinal).Take(limit)],
            cancellationToken);

    public ValueTask<IReadOnlyList<StoredSchedule>> ListDueAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<StoredSchedule>>(
            StorageVerb.Schedules,
            db => [.. db.Schedules.Values.Where(one => one.NextAt <= asOf).OrderBy(one => one.NextAt).Take(limit)],
            cancellationToken);

    public ValueTask<ScheduleOutcome> SaveAsync(ScheduleChange change, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Schedules, db => Save(db, change), cancellationToken);

    public ValueTask<bool> RemoveAsync(string tenant, string name, long version, CancellationToken cancellationToken) =>
        verbs.RunAsync(
            StorageVerb.Schedules,
            db => db.Schedules.TryGetValue((tenant, name), out var stored) && stored.Version == version && db.Schedules.Remove((tenant, name)),
            cancellationToken);

    private static ScheduleOutcome Save(MemoryDatabase db, ScheduleChange change)
    {
        var after = change.After;
        var stored = db.Schedules.GetValueOrDefault((after.Tenant, after.Name));
        if ((stored?.Version ?? 0) != change.Before) return ScheduleOutcome.Conflict;
        db.Schedules[(after.Tenant, after.Name)] = after with { Body = after.Body.ToArray() };
        return new ScheduleOutcome(true, new Submission(db, new JobBatch(change.Jobs, Atomic: false, null, change.AsOf)).Run().Jobs);
    }
}
