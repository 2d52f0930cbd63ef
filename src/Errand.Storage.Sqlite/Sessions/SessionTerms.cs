using System.Collections.Concurrent;

namespace Errand.Storage.Sqlite;

/// <summary>
/// The sessions and how long each is still granted, in memory: the store has one owner, so that a beat needs no disk and no lock, and
/// cannot be late because the disk is. The expiries go to disk with whatever is written next; a restart grants them anew anyway.
/// </summary>
internal sealed class SessionTerms
{
    private static readonly Sql Load = Sql.Of("sessions", "list");
    private static readonly Sql SaveExpiry = Sql.Of("sessions", "save_expiry");

    private readonly ConcurrentDictionary<SessionId, Term> _terms = new();

    public IReadOnlyList<WorkerSession> All => [.. _terms.Values.Select(term => term.Session).OrderBy(session => session.OpenedAt)];

    public void LoadFrom(Connection db)
    {
        foreach (var session in db.List(Load, _ => { }, SessionRow.Read)) Add(session);
    }

    public void Add(WorkerSession session) => _terms[session.Id] = new Term(session);

    public void Remove(SessionId session) => _terms.TryRemove(session, out _);

    public WorkerSession? Find(SessionId session) => _terms.TryGetValue(session, out var term) ? term.Session : null;

    /// <summary>False when the session is not there.</summary>
    public bool TryExtend(SessionId session, DateTimeOffset expiresAt)
    {
        if (!_terms.TryGetValue(session, out var term)) return false;
        term.ExpiresAt = expiresAt;
        return true;
    }

    /// <summary>Writes the expiries that changed. Part of every transaction.</summary>
    public void Save(Connection db)
    {
        foreach (var term in _terms.Values)
        {
            if (term.TakeUnsaved() is not { } expiresAt) continue;
            db.Run(SaveExpiry, statement => statement.Bind(term.Session.Id.Value).Bind(expiresAt));
        }
    }

    private sealed class Term(WorkerSession session)
    {
        private long _expiresAt = session.ExpiresAt.UtcTicks;
        private long _saved = session.ExpiresAt.UtcTicks;

        public WorkerSession Session => session with { ExpiresAt = ExpiresAt };

        public DateTimeOffset ExpiresAt
        {
            get => new(Volatile.Read(ref _expiresAt), TimeSpan.Zero);
            set => Volatile.Write(ref _expiresAt, value.UtcTicks);
        }

        /// <summary>The expiry, if it is another than the one last taken. Only the writer asks.</summary>
        public long? TakeUnsaved()
        {
            var expiresAt = Volatile.Read(ref _expiresAt);
            if (expiresAt == _saved) return null;
            _saved = expiresAt;
            return expiresAt;
        }
    }
}
