namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlScheduleStore(Database database) : IScheduleStore
{
    private static readonly Sql Find = Sql.Of("schedules", "find");
    private static readonly Sql List = Sql.Of("schedules", "list");
    private static readonly Sql ListDue = Sql.Of("schedules", "list_due");
    private static readonly Sql Insert = Sql.Of("schedules", "insert");
    private static readonly Sql Update = Sql.Of("schedules", "update");
    private static readonly Sql Remove = Sql.Of("schedules", "remove");

    private readonly SubmitWrites _submits = new(database, new Touch());

    public async ValueTask<StoredSchedule?> FindAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(Find).With(tenant).With(name), results => results.FirstAsync(Read));
    }

    public async ValueTask<IReadOnlyList<StoredSchedule>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(List).With(tenant).With(after ?? "").With(limit), results => results.ListAsync(Read));
    }

    public async ValueTask<IReadOnlyList<StoredSchedule>> ListDueAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(ListDue).With(asOf).With(limit), results => results.ListAsync(Read));
    }

    public ValueTask<ScheduleOutcome> SaveAsync(ScheduleChange change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Collisions.TryAgainAsync(() => SaveAsync(change));
    }

    public async ValueTask<bool> RemoveAsync(string tenant, string name, long version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.CommitAsync(
            batch => batch.Add(Remove).With(tenant).With(name).With(version), async results => (await results.SkipAsync()).Count > 0);
    }

    /// <summary>One transaction holds both: a crash leaves the schedule where it was with none of its jobs, or moved with all of them.</summary>
    private async ValueTask<ScheduleOutcome> SaveAsync(ScheduleChange change)
    {
        var jobs = new JobBatch(change.Jobs, Atomic: false, Idempotency: null, change.AsOf);
        await database.Lanes.EnsureAsync(change.Jobs.Select(job => job.Head));
        await using var session = await database.OpenAsync();
        var sight = await SubmitSight.ReadAsync(session, [jobs]);
        var swap = session.NewBatch();
        var (after, isNew) = (change.After, change.Before == 0);
        var call = swap.Add(isNew ? Insert : Update).With(after.Tenant).With(after.Name).With(after.Version).With(after.NextAt).With(after.Body.ToArray());
        if (!isNew) call.With(change.Before);
        if ((await session.RunAsync(swap, results => results.SkipAsync())).Count == 0) return ScheduleOutcome.Conflict;

        var decisions = new SubmitDecisions(sight);
        var outcome = decisions.Decide(jobs);
        try
        {
            await session.CommitAsync(_submits.AddTo(session.NewBatch(), change.AsOf, decisions));
        }
        finally
        {
            database.LowerMarks(decisions.New.Select(job => job.Head));
        }

        return new ScheduleOutcome(true, outcome.Jobs);
    }

    private static StoredSchedule Read(Row row) => new(row.Text(), row.Text(), row.Int64(), row.TimeOrNull(), row.Bytes());
}
