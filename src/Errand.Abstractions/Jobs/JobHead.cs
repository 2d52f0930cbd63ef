namespace Errand;

/// <summary>
/// The small, mutable part of a job: what a claim, a settle or a cancel reads and writes, compared and swapped by <see cref="Version"/>.
/// What is written once and may be large lies in <see cref="JobDetails"/> and <see cref="JobInput"/>.
/// </summary>
public sealed record JobHead
{
    /// <summary>The wall between customers.</summary>
    public required string Tenant { get; init; }

    /// <summary>The job's id, unique within the tenant.</summary>
    public required JobId Id { get; init; }

    /// <summary>Order of acceptance, given by the store; 0 until stored. Never reused.</summary>
    public long Sequence { get; init; }

    /// <summary>The declared name of what runs it: <c>report.export</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Where workers take it from.</summary>
    public required string Queue { get; init; }

    /// <summary>Who submitted it: the subject of the principal.</summary>
    public required string Owner { get; init; }

    /// <summary>The stored state.</summary>
    public JobState State { get; init; }

    /// <summary>Grows with each lifecycle change; 1 when stored. What compare-and-set uses.</summary>
    public long Version { get; init; } = 1;

    /// <summary>0 to 9, 9 the most urgent. Default: 5.</summary>
    public int Priority { get; init; } = 5;

    /// <summary>When it may run next; while queued and later than now, the job is shown as scheduled.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the head last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the latest attempt was claimed; null before the first.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became terminal.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When a finished job may be purged; null while it lives, or when it is kept for ever.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Past this instant the job fails: <c>expired_before_start</c> while queued, <c>deadline_exceeded</c> while running.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Number of the latest attempt, 0 before the first. Grows with every claim that was not given back unstarted.</summary>
    public int Attempt { get; init; }

    /// <summary>How many failed attempts end the job.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Attempts that failed and count against <see cref="MaxAttempts"/>; a lost worker and a snooze do not.</summary>
    public int Failures { get; init; }

    /// <summary>Workers lost without a settle; the third ends the job with <c>poison</c>.</summary>
    public int Losses { get; init; }

    /// <summary>The worker session that owns it while claimed.</summary>
    public SessionId? Session { get; init; }

    /// <summary>The fencing token of the latest claim. Grows with every claim of the store; 0 before the first.</summary>
    public long Token { get; init; }

    /// <summary>Why a cancel was asked for, if someone said.</summary>
    public string? CancelReason { get; init; }

    /// <summary>While the job lives no other job of the tenant has this key.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>What went wrong: of the latest attempt while the job lives, of the job once it is failed or canceled.</summary>
    public JobError? Error { get; init; }

    /// <summary>Set when the job has a result; the bytes lie apart.</summary>
    public bool HasResult { get; init; }

    /// <summary>The tenant and id.</summary>
    public JobKey Key => new(Tenant, Id);

    /// <summary>What a worker holds while the job is claimed: who, and with which token.</summary>
    public JobTicket Ticket => new(Key, Sequence, Session ?? default, Token);

    /// <summary>The status that a reader is shown at an instant.</summary>
    public JobStatus StatusAt(DateTimeOffset now) => State switch
    {
        JobState.Queued => DueAt > now ? JobStatus.Scheduled : JobStatus.Queued,
        JobState.Running => JobStatus.Running,
        JobState.Canceling => JobStatus.Canceling,
        JobState.Succeeded => JobStatus.Succeeded,
        JobState.Failed => JobStatus.Failed,
        _ => JobStatus.Canceled,
    };
}
