namespace Errand.Storage.Sqlite;

internal sealed class SqliteSessionStore(Database database) : ISessionStore
{
    private static readonly Sql Insert = Sql.Of("sessions", "insert");
    private static readonly Sql Delete = Sql.Of("sessions", "delete");
    private static readonly Sql Canceling = Sql.Of("sessions", "canceling");
    private static readonly Sql NextHolder = Sql.Of("sessions", "next_holder");
    private static readonly Sql ClaimedBy = Sql.Of("sessions", "claimed_by");

    private SessionTerms Terms => database.Sessions;

    public async ValueTask RecoverAsync(DateTimeOffset asOf, DateTimeOffset remoteUntil, CancellationToken cancellationToken)
    {
        foreach (var session in Terms.All) Terms.TryExtend(session.Id, session.Remote ? remoteUntil : asOf);
        await database.WriteAsync(_ => true, cancellationToken);
    }

    public async ValueTask OpenAsync(WorkerSession session, CancellationToken cancellationToken)
    {
        await database.WriteAsync(transaction => transaction.Db.Run(Insert, insert => SessionRow.Bind(insert, session)), cancellationToken);
        Terms.Add(session);
    }

    public ValueTask<SessionBeat> BeatAsync(
        SessionId session, DateTimeOffset asOf, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        Terms.TryExtend(session, expiresAt)
            ? new(new SessionBeat(true, database.BeatReader.Read(db => CancelingOf(db, session))))
            : new(new SessionBeat(false, []));

    public async ValueTask CloseAsync(SessionId session, CancellationToken cancellationToken)
    {
        await database.WriteAsync(transaction => transaction.Db.Run(Delete, delete => delete.Bind(session.Value)), cancellationToken);
        Terms.Remove(session);
    }

    public ValueTask<IReadOnlyList<JobHead>> ListClaimedAsync(SessionId session, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobHead>>(
            db => db.List(ClaimedBy, query => query.Bind(session.Value).Bind(int.MaxValue), row => HeadRow.Read(row, database.Names)), cancellationToken);

    public ValueTask<IReadOnlyList<WorkerSession>> ListAsync(CancellationToken cancellationToken) => new(Terms.All);

    public async ValueTask<IReadOnlyList<Orphan>> ListOrphansAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken)
    {
        var orphans = await database.ReadAsync(db => OrphansIn(db, asOf, limit), cancellationToken);
        var holders = orphans.Select(orphan => orphan.Head.Session!.Value).ToHashSet();
        var idle = Terms.All.Where(session => session.ExpiresAt <= asOf && !holders.Contains(session.Id)).ToList();
        if (idle.Count > 0) await RemoveIdleAsync(idle, cancellationToken);
        return orphans;
    }

    private List<JobTicket> CancelingOf(Connection db, SessionId session) =>
        db.List(Canceling, query => query.Bind(session.Value), row => HeadRow.Read(row, database.Names).Ticket);

    /// <summary>Skips from session to session, so that the jobs of living ones are not read.</summary>
    private List<Orphan> OrphansIn(Connection db, DateTimeOffset asOf, int limit)
    {
        var orphans = new List<Orphan>();
        for (var holder = NextHolderAfter(db, default); holder is { } id; holder = NextHolderAfter(db, id))
        {
            var session = Terms.Find(id);
            if (session?.ExpiresAt > asOf) continue;
            orphans.AddRange(db.List(
                ClaimedBy,
                query => query.Bind(id.Value).Bind(limit),
                row => new Orphan(HeadRow.Read(row, database.Names), session?.Slots ?? 0, SessionClosed: session is null)));
        }

        return [.. orphans.OrderBy(orphan => orphan.Head.Token).Take(limit)];
    }

    private static SessionId? NextHolderAfter(Connection db, SessionId session) =>
        db.First<SessionId?>(NextHolder, query => query.Bind(session.Value), row => row.SessionOrNull());

    /// <summary>
    /// Removes expired sessions that hold nothing. What they hold is asked again in the transaction: a claim may have come between.
    /// </summary>
    private async ValueTask RemoveIdleAsync(List<WorkerSession> sessions, CancellationToken cancellationToken)
    {
        var removed = await database.WriteAsync(t => sessions.FindAll(session => TryRemove(t.Db, session)), cancellationToken);
        foreach (var session in removed) Terms.Remove(session.Id);
    }

    private static bool TryRemove(Connection db, WorkerSession session) =>
        db.First(ClaimedBy, query => query.Bind(session.Id.Value).Bind(1), _ => true) is false
        && db.Run(Delete, delete => delete.Bind(session.Id.Value)) > 0;
}
