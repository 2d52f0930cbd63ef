namespace Errand.Storage;

/// <summary>Jobs as work.</summary>
public interface IJobQueue
{
    /// <summary>
    /// Atomically picks due jobs and gives them to a session: state running, next attempt, next token, next version. Two claimers never
    /// receive the same job. Order within a queue: priority, due time, sequence. Paused queues and full ones give nothing; jobs of types
    /// that were not asked for cost nothing. A session that is not there gets nothing.
    /// </summary>
    ValueTask<ClaimOutcome> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the outcomes of attempts: as <see cref="IJobStore.ApplyAsync"/>, in as few statements as the store can. A change whose
    /// job was meanwhile changed (a cancel came in) is a conflict, to be decided again on the fresh head.
    /// </summary>
    ValueTask<IReadOnlyList<ChangeOutcome>> SettleAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken);

    /// <summary>Live jobs whose deadline is past, earliest first.</summary>
    ValueTask<IReadOnlyList<JobHead>> ListPastDeadlineAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken);
}

/// <summary>What a session asks for.</summary>
/// <param name="Session">The session.</param>
/// <param name="Queues">The queues, in the order in which they are served.</param>
/// <param name="SuspectLimit">At most this many of the claimed jobs may have lost a worker before (<see cref="JobHead.Losses"/> over 0).</param>
/// <param name="AsOf">The instant.</param>
/// <param name="Limit">At most this many jobs in all, over the limits of the single queues. Default: no limit of its own.</param>
/// <param name="Tenant">Only jobs of this tenant, for a session that may work for one alone. Null: every tenant.</param>
public sealed record ClaimRequest(
    SessionId Session, IReadOnlyList<QueueClaim> Queues, int SuspectLimit, DateTimeOffset AsOf, int Limit = int.MaxValue, string? Tenant = null);

/// <summary>What a session asks of one queue.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Types">The types it can run, aliases included.</param>
/// <param name="Limit">At most this many jobs.</param>
/// <param name="FirstPriority">The priority to begin with, before going from 9 to 0. Default: 9.</param>
public sealed record QueueClaim(string Queue, IReadOnlyList<string> Types, int Limit, int FirstPriority = 9);

/// <summary>What a claim gave.</summary>
/// <param name="Jobs">The claimed jobs, in the order in which they should start.</param>
/// <param name="NextDueAt">When the next job of these queues and types becomes due; null when none is scheduled, or when the claim was filled.</param>
public sealed record ClaimOutcome(IReadOnlyList<ClaimedJob> Jobs, DateTimeOffset? NextDueAt);

/// <summary>A claimed job with what its handler needs.</summary>
/// <param name="Head">The head as the claim left it.</param>
/// <param name="Details">What was said about it.</param>
/// <param name="Input">Its input.</param>
public sealed record ClaimedJob(JobHead Head, JobDetails Details, JobInput Input)
{
    /// <summary>What to report with.</summary>
    public JobTicket Ticket => Head.Ticket;
}
