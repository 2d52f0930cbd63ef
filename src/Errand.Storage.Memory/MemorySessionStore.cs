namespace Errand.Storage.Memory;

internal sealed class MemorySessionStore(MemoryVerbs verbs) : ISessionStore
{
    public ValueTask RecoverAsync(DateTimeOffset asOf, DateTimeOffset remoteUntil, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.RecoverSessions, db => Recover(db, asOf, remoteUntil), cancellationToken);

    public ValueTask OpenAsync(WorkerSession session, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.OpenSession, db => db.Sessions.Add(session.Id, session), cancellationToken);

    public ValueTask<SessionBeat> BeatAsync(
        SessionId session, DateTimeOffset asOf, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Beat, db => Beat(db, session, expiresAt), cancellationToken);

    public ValueTask CloseAsync(SessionId session, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.CloseSession, db => { db.Sessions.Remove(session); }, cancellationToken);

    public ValueTask<IReadOnlyList<JobHead>> ListClaimedAsync(SessionId session, CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<JobHead>>(
            StorageVerb.ListClaimed, db => [.. db.Claimed.Select(row => row.Head).Where(head => head.Session == session).OrderBy(head => head.Token)],
            cancellationToken);

    public ValueTask<IReadOnlyList<WorkerSession>> ListAsync(CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<WorkerSession>>(
            StorageVerb.ListSessions, db => [.. db.Sessions.Values.OrderBy(s => s.OpenedAt)], cancellationToken);

    public ValueTask<IReadOnlyList<Orphan>> ListOrphansAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<Orphan>>(StorageVerb.ListOrphans, db => ListOrphans(db, asOf, limit), cancellationToken);

    /// <summary>A local session ends by expiring, not by going: its orphans tell that it was lost, and how much it ran.</summary>
    private static void Recover(MemoryDatabase db, DateTimeOffset asOf, DateTimeOffset remoteUntil)
    {
        foreach (var session in db.Sessions.Values.ToList())
        {
            db.Sessions[session.Id] = session with { ExpiresAt = session.Remote ? remoteUntil : asOf };
        }
    }

    private static SessionBeat Beat(MemoryDatabase db, SessionId id, DateTimeOffset expiresAt)
    {
        if (!db.Sessions.TryGetValue(id, out var session)) return new SessionBeat(false, []);
        db.Sessions[id] = session with { ExpiresAt = expiresAt };
        var canceling = db.Claimed.Select(row => row.Head).Where(head => head.Session == id && head.State is JobState.Canceling);
        return new SessionBeat(true, [.. canceling.Select(head => head.Ticket)]);
    }

    private static List<Orphan> ListOrphans(MemoryDatabase db, DateTimeOffset asOf, int limit)
    {
        var holders = new HashSet<SessionId>();
        var orphans = new List<Orphan>();
        foreach (var head in db.Claimed.Select(row => row.Head))
        {
            holders.Add(head.Session!.Value);
            var session = db.Sessions.GetValueOrDefault(head.Session.Value);
            if (orphans.Count == limit || session?.ExpiresAt > asOf) continue;
            orphans.Add(new Orphan(head, session?.Slots ?? 0, SessionClosed: session is null));
        }

        foreach (var session in db.Sessions.Values.Where(s => s.ExpiresAt <= asOf && !holders.Contains(s.Id)).ToList())
        {
            db.Sessions.Remove(session.Id);
        }

        return orphans;
    }
}
