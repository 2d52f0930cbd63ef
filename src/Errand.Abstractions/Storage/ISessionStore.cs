namespace Errand.Storage;

/// <summary>Worker sessions: what owns claimed jobs while it heartbeats.</summary>
public interface ISessionStore
{
    /// <summary>
    /// Called once at start: ends the sessions that cannot be alive (an embedded store: every local session of an earlier process) by
    /// setting their expiry to <paramref name="asOf"/>, so that their orphans still tell that a worker was lost and how much it ran; and grants the others until <paramref name="remoteUntil"/>, since they could not beat while nobody listened.
    /// A store that several nodes share does nothing here: whoever starts cannot know who is alive.
    /// </summary>
    ValueTask RecoverAsync(DateTimeOffset asOf, DateTimeOffset remoteUntil, CancellationToken cancellationToken);

    /// <summary>Stores a new session.</summary>
    ValueTask OpenAsync(WorkerSession session, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps all claims of the session until <paramref name="expiresAt"/>. Must not wait for the writers of jobs: it has a connection of
    /// its own, and completes on the calling thread. Tells whether the session was still there, and which of its jobs are asked to stop.
    /// </summary>
    ValueTask<SessionBeat> BeatAsync(SessionId session, DateTimeOffset asOf, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Removes a session. Jobs it still owns become orphans at once.</summary>
    ValueTask CloseAsync(SessionId session, CancellationToken cancellationToken);

    /// <summary>The jobs that a session has claimed and not settled, in the order of their tokens: as of now, every commit included.</summary>
    ValueTask<IReadOnlyList<JobHead>> ListClaimedAsync(SessionId session, CancellationToken cancellationToken);

    /// <summary>The sessions that are there, expired ones included.</summary>
    ValueTask<IReadOnlyList<WorkerSession>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Claimed jobs whose session is gone or expired, in the order of their tokens; sessions without such jobs that expired are removed.
    /// </summary>
    ValueTask<IReadOnlyList<Orphan>> ListOrphansAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken);
}

/// <summary>A worker session.</summary>
public sealed record WorkerSession
{
    /// <summary>Its name.</summary>
    public required SessionId Id { get; init; }

    /// <summary>The worker's own name: host and process, for people.</summary>
    public required string Worker { get; init; }

    /// <summary>The tenant it may work for; null for every tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>True when it works over HTTP, in a process of its own.</summary>
    public bool Remote { get; init; }

    /// <summary>How many jobs it runs at once.</summary>
    public int Slots { get; init; }

    /// <summary>Queues it takes jobs from.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>Types it can run, aliases included.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>When it was opened.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it ends unless it beats.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The answer to a heartbeat.</summary>
/// <param name="Alive">False when the session is unknown: everything it holds is lost.</param>
/// <param name="Canceling">Its jobs that are asked to stop.</param>
public sealed record SessionBeat(bool Alive, IReadOnlyList<JobTicket> Canceling);

/// <summary>A claimed job without a living session.</summary>
/// <param name="Head">The head.</param>
/// <param name="SessionSlots">How many jobs its session ran at once; 0 when the session is gone.</param>
/// <param name="SessionClosed">True when the session ended in good order.</param>
public sealed record Orphan(JobHead Head, int SessionSlots, bool SessionClosed);
