namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlSessionStore(Database database, BeatLine beats) : ISessionStore
{
    private static readonly Sql Insert = Sql.Of("sessions", "insert");
    private static readonly Sql List = Sql.Of("sessions", "list");
    private static readonly Sql Close = Sql.Of("sessions", "close");
    private static readonly Sql ClaimedBy = Sql.Of("sessions", "claimed_by");
    private static readonly Sql Orphans = Sql.Of("sessions", "orphans");
    private static readonly Sql LockIdle = Sql.Of("sessions", "lock_idle");
    private static readonly Sql DeleteIdle = Sql.Of("sessions", "delete_idle");

    /// <summary>
    /// The sessions of other nodes are alive as far as anyone can tell; those of a dead one end with their term. Nothing is granted here: with every start of any node the dead would live on, and
    /// a node that starts looks for a term before it believes that a session is over.
    /// </summary>
    public ValueTask RecoverAsync(DateTimeOffset asOf, DateTimeOffset remoteUntil, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask OpenAsync(WorkerSession session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await database.CommitAsync(batch => batch.Add(Insert).With(session.Id.Value).With(session.Worker).With(session.Tenant).With(session.Remote)
            .With(session.Slots).With(StoredJson.Write(session.Queues)).With(StoredJson.Write(session.Types)).With(session.OpenedAt).With(session.ExpiresAt));
    }

    public ValueTask<SessionBeat> BeatAsync(SessionId session, DateTimeOffset asOf, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        new(beats.Run(session, expiresAt));

    public async ValueTask CloseAsync(SessionId session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await database.CommitAsync(batch => batch.Add(Close).With(session.Value));
    }

    public async ValueTask<IReadOnlyList<JobHead>> ListClaimedAsync(SessionId session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(ClaimedBy).With(session.Value), results => results.ListAsync(HeadRow.Read));
    }

    public async ValueTask<IReadOnlyList<WorkerSession>> ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(List), results => results.ListAsync(ReadSession));
    }

    public async ValueTask<IReadOnlyList<Orphan>> ListOrphansAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var orphans = await database.ReadAsync(batch => batch.Add(Orphans).With(asOf).With(limit), results => results.ListAsync(ReadOrphan));
        await RemoveIdleAsync(asOf);
        return orphans;
    }

    /// <summary>
    /// Removes ended sessions that hold nothing. What they hold is asked again once they are locked: a claim may have come between, and one
    /// that comes later waits for the lock and finds no session.
    /// </summary>
    private async ValueTask RemoveIdleAsync(DateTimeOffset asOf)
    {
        await using var session = await database.OpenAsync();
        var batch = session.BeginBatch();
        batch.Add(LockIdle).With(asOf);
        var idle = await session.RunAsync(batch, results => results.ListAsync(row => row.Guid()));
        if (idle.Count == 0) return;
        var rest = session.NewBatch();
        rest.Add(DeleteIdle).With(idle);
        await session.CommitAsync(rest);
    }

    private static Orphan ReadOrphan(Row row)
    {
        var (slots, closed) = (row.Int32(), row.Bool());
        return new Orphan(HeadRow.Read(row), slots, closed);
    }

    private static WorkerSession ReadSession(Row row) => new()
    {
        Id = new SessionId(row.Guid()),
        Worker = row.Text(),
        Tenant = row.TextOrNull(),
        Remote = row.Bool(),
        Slots = row.Int32(),
        Queues = StoredJson.ReadWords(row.Bytes()),
        Types = StoredJson.ReadWords(row.Bytes()),
        OpenedAt = row.Time(),
        ExpiresAt = row.Time(),
    };
}
