namespace Errand.Storage.Sqlite;

internal sealed class SqliteScheduleStore(Database database) : IScheduleStore
{
    private static readonly Sql Find = Sql.Of("schedules", "find");
    private static readonly Sql List = Sql.Of("schedules", "list");
    private static readonly Sql ListDue = Sql.Of("schedules", "list_due");
    private static readonly Sql Insert = Sql.Of("schedules", "insert");
    private static readonly Sql Update = Sql.Of("schedules", "update");
    private static readonly Sql Remove = Sql.Of("schedules", "remove");

    public ValueTask<StoredSchedule?> FindAsync(string tenant, string name, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.First(Find, find => find.Bind(tenant).Bind(name), Read), cancellationToken);

    public ValueTask<IReadOnlyList<StoredSchedule>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredSchedule>>(
            db => db.List(List, list => list.Bind(tenant).Bind(after ?? "").Bind(limit), Read), cancellationToken);

    public ValueTask<IReadOnlyList<StoredSchedule>> ListDueAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredSchedule>>(
            db => db.List(ListDue, list => list.Bind(asOf).Bind(limit), Read), cancellationToken);

    public ValueTask<ScheduleOutcome> SaveAsync(ScheduleChange change, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => Save(transaction, change), cancellationToken, 1 + change.Jobs.Count, grows: true);

    public ValueTask<bool> RemoveAsync(string tenant, string name, long version, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                using var remove = transaction.Use(Remove);
                return remove.Bind(tenant).Bind(name).Bind(version).Run() == 1;
            },
            cancellationToken);

    /// <summary>The writer's transaction holds both: a crash leaves the schedule where it was with none of its jobs, or moved with all of them.</summary>
    private static ScheduleOutcome Save(Transaction transaction, ScheduleChange change)
    {
        if (!TrySwap(transaction, change)) return ScheduleOutcome.Conflict;
        return new ScheduleOutcome(true, new Submission(transaction, new JobBatch(change.Jobs, Atomic: false, null, change.AsOf)).Run().Jobs);
    }

    private static bool TrySwap(Transaction transaction, ScheduleChange change)
    {
        var after = change.After;
        if (change.Before == 0)
        {
            using var insert = transaction.Use(Insert);
            return insert.Bind(after.Tenant).Bind(after.Name).Bind(after.Version).Bind(after.NextAt).BindBlob(after.Body.Span).Run() == 1;
        }

        using var update = transaction.Use(Update);
        return update.Bind(after.Version).Bind(after.NextAt).BindBlob(after.Body.Span)
            .Bind(after.Tenant).Bind(after.Name).Bind(change.Before).Run() == 1;
    }

    private static StoredSchedule Read(Statement row) => new(row.Text(), row.Text(), row.Int64(), row.TimeOrNull(), row.Memory());
}
