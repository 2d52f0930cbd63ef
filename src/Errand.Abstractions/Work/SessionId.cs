namespace Errand;

/// <summary>The name of a worker session: what owns claimed jobs while it heartbeats.</summary>
public readonly record struct SessionId(Guid Value)
{
    /// <summary>Makes a new one.</summary>
    public static SessionId New() => new(Guid.NewGuid());

    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => Value.ToString("N");
}

/// <summary>What a worker holds for a claimed job; everything it reports carries it, and an old token is refused.</summary>
/// <param name="Key">The job.</param>
/// <param name="Sequence">The job's sequence in its store.</param>
/// <param name="Session">The session that claimed it.</param>
/// <param name="Token">The fencing token of the claim.</param>
public readonly record struct JobTicket(JobKey Key, long Sequence, SessionId Session, long Token);
