using System.Data.Common;
using Errand.Storage;

namespace Errand;

/// <summary>
/// The front door: everything that a face may do with jobs, as one caller. Refusals are <see cref="JobProblemException"/>s; failures of the
/// store are <see cref="StorageException"/>s.
/// </summary>
public interface IJobClient
{
    /// <summary>Checks what a submit would make, without making it. The job has no sequence.</summary>
    ValueTask<Job> ValidateAsync(JobSubmission submission, CancellationToken cancellationToken = default);

    /// <summary>Submits a job. When this returns the job is on disk.</summary>
    ValueTask<SubmitReceipt> SubmitAsync(JobSubmission submission, IdempotencyKey? key = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Submits a job within a transaction of the caller's own: it is there once that commits, and never if it does not. Checked, and refused, at once. On SQLite the transaction is one of
    /// <c>Microsoft.Data.Sqlite</c> on a database file of the app; on PostgreSQL one of Npgsql on the database that the store lies in.
    /// </summary>
    /// <remarks>
    /// Should another job take the unique key before the commit, the job is there, canceled, with a reason that names the other.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The store cannot do this; the message names those that can.</exception>
    /// <exception cref="ArgumentException">The transaction is over, or of a database in which the store cannot do this.</exception>
    ValueTask<SubmitReceipt> SubmitAsync(JobSubmission submission, DbTransaction transaction, CancellationToken cancellationToken = default);

    /// <summary>
    /// Submits up to 1,000 jobs in one transaction. Atomic: all or none, and what is wrong with any is thrown with pointers to the items.
    /// Otherwise one reply per job.
    /// </summary>
    ValueTask<IReadOnlyList<SubmitReply>> SubmitManyAsync(
        IReadOnlyList<JobSubmission> submissions, bool atomic, IdempotencyKey? key = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a job that the caller may see; a tombstone only to whoever could see the job.</summary>
    ValueTask<JobLookup> FindAsync(JobId id, JobParts parts = JobParts.Status, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until the job is finished, or, with <paramref name="changedSince"/>, until it is not at that revision any more; or for <paramref name="timeout"/>. Returns the job as it then
    /// is. Ending the wait never cancels the job.
    /// </summary>
    ValueTask<JobLookup> WaitAsync(
        JobId id, TimeSpan timeout, JobRevision? changedSince = null, JobParts parts = JobParts.Status, CancellationToken cancellationToken = default);

    /// <summary>
    /// Follows a job: a snapshot first (unless <paramref name="after"/> is current), then every later change or a newer snapshot, ending after the terminal event. Never an older
    /// revision than one already given. Empty when <paramref name="after"/> is the terminal revision.
    /// </summary>
    IAsyncEnumerable<JobEvent> WatchAsync(JobId id, JobRevision? after = null, CancellationToken cancellationToken = default);

    /// <summary>Follows every visible job that matches: lifecycle changes only, from now on, without an end.</summary>
    IAsyncEnumerable<JobEvent> WatchAllAsync(JobFilter filter, CancellationToken cancellationToken = default);

    /// <summary>One page of the caller's jobs.</summary>
    ValueTask<JobPage> ListAsync(
        JobFilter filter, JobOrder order = JobOrder.CreatedDescending, JobCursor? after = null, int limit = 50, CancellationToken cancellationToken = default);

    /// <summary>Asks the job to stop: at once while it waits, by its handler while it runs. A finished job is returned as it is.</summary>
    ValueTask<Job> CancelAsync(JobId id, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Submits a failed or canceled job again, as a new job. With <paramref name="newId"/> as that id, at most once: asked again, the retry
    /// that is already there is returned as it then is.
    /// </summary>
    ValueTask<Job> RetryAsync(JobId id, JobId? newId = null, CancellationToken cancellationToken = default);

    /// <summary>Changes a live job; with <paramref name="ifMatch"/> only if its version is that one.</summary>
    ValueTask<Job> UpdateAsync(JobId id, JobUpdate update, JobRevision? ifMatch = null, CancellationToken cancellationToken = default);

    /// <summary>Removes a finished job now.</summary>
    ValueTask PurgeAsync(JobId id, bool tombstone = true, CancellationToken cancellationToken = default);

    /// <summary>Tells what a job waits for.</summary>
    ValueTask<JobReason> WhyAsync(JobId id, CancellationToken cancellationToken = default);
}

/// <summary>Opens the front door for a caller. Cheap: one small object.</summary>
public interface IJobClients
{
    /// <summary>Jobs as this caller.</summary>
    IJobClient For(JobCaller caller);

    /// <summary>Contents of jobs as this caller.</summary>
    IJobContents ContentsFor(JobCaller caller);

    /// <summary>Schedules as this caller.</summary>
    IScheduleClient SchedulesFor(JobCaller caller);
}

/// <summary>What is to be changed; null leaves a member as it is.</summary>
/// <param name="Priority">0 to 9.</param>
/// <param name="Labels">The new labels, replacing the old ones.</param>
/// <param name="RunAt">The new due time; only while the job waits.</param>
/// <param name="Deadline">The new deadline.</param>
/// <param name="RemoveDeadline">Takes the deadline away.</param>
/// <param name="MaxAttempts">1 to 100.</param>
public sealed record JobUpdate(
    int? Priority = null, IReadOnlyDictionary<string, string>? Labels = null, DateTimeOffset? RunAt = null,
    DateTimeOffset? Deadline = null, bool RemoveDeadline = false, int? MaxAttempts = null);

/// <summary>A change of a job, with the job as it then was.</summary>
/// <param name="Kind">What happened: <c>job.snapshot</c>, <c>job.scheduled</c>, <c>job.queued</c>, <c>job.started</c>, <c>job.progress</c>, <c>job.retrying</c>, <c>job.canceling</c>, <c>job.succeeded</c>, <c>job.failed</c>, <c>job.canceled</c>.</param>
/// <param name="Revision">What to resume after.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Job">The job.</param>
public sealed record JobEvent(string Kind, JobRevision Revision, DateTimeOffset Time, Job Job);

/// <summary>What a job waits for, or what became of it.</summary>
/// <param name="Code">A stable word: <c>paused_queue</c>, <c>no_worker</c>, <c>concurrency_limit</c>, <c>rate_limit</c>, <c>scheduled</c>, <c>retry_backoff</c>, <c>waiting_turn</c>, <c>running</c>, <c>canceling</c>, <c>finished</c>.</param>
/// <param name="Sentence">The same in one sentence for a person.</param>
/// <param name="Until">When that ends, if known.</param>
/// <param name="Queue">The queue that it is about.</param>
/// <param name="Worker">The worker that holds it.</param>
/// <param name="Jobs">Jobs that hold the limit.</param>
/// <param name="Ahead">How many jobs are ahead of it in its queue, capped at 10,000.</param>
public sealed record JobReason(
    string Code, string Sentence, DateTimeOffset? Until = null, string? Queue = null, string? Worker = null,
    IReadOnlyList<JobId>? Jobs = null, int? Ahead = null);
