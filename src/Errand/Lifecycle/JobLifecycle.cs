using Errand.Storage;

namespace Errand.Lifecycle;

/// <summary>
/// The whole life of a job. Pure: no clock, no storage, no randomness. One arm is one edge of the diagram in
/// docs/concepts/job-lifecycle.md, and a test holds the two equal.
/// </summary>
internal static class JobLifecycle
{
    /// <summary>As many workers lost without a settle end a job.</summary>
    public const int LossesMax = 3;

    /// <summary>No handler can send a job further away than a submit could.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromDays(366);

    private static readonly JobDecision ClaimOver = new JobDecision.Ignore("The claim is over.");
    private static readonly JobDecision Finished = new JobDecision.Ignore("The job is finished.");
    private static readonly JobDecision Stopping = new JobDecision.Ignore("The job is already asked to stop.");
    private static readonly JobDecision NotClaimed = new JobDecision.Ignore("The job is not claimed.");
    private static readonly JobDecision NotClaimable = new JobDecision.Ignore("The job is not waiting.");
    private static readonly JobDecision InTime = new JobDecision.Ignore("The deadline is not past.");

    public static JobDecision Decide(JobHead job, JobCommand command, DateTimeOffset now) => job.State switch
    {
        _ when command is JobCommand.Update { IfVersion: { } version } && version != job.Version => new JobDecision.Refuse(Stale),
        JobState.Queued => WhileQueued(job, command, now),
        JobState.Running => WhileRunning(job, command, now),
        JobState.Canceling => WhileCanceling(job, command, now),
        _ => OnceFinished(job, command),
    };

    private static JobDecision WhileQueued(JobHead job, JobCommand command, DateTimeOffset now) => command switch
    {
        JobCommand.Claim claim => Write(job, Claimed(job, claim, now)),
        JobCommand.Cancel cancel => CancelWaiting(job, cancel, now),
        JobCommand.PassDeadline when job.Deadline > now || job.Deadline is null => InTime,
        JobCommand.PassDeadline => Expire(job, job.Attempt, command, now),
        JobCommand.Update update => Update(job, update.Changes, now),
        JobCommand.Settle or JobCommand.Lose => ClaimOver,
        _ => NotClaimed,
    };

    private static JobDecision WhileRunning(JobHead job, JobCommand command, DateTimeOffset now) => command switch
    {
        JobCommand.Settle settle when settle.Token != job.Token => ClaimOver,
        JobCommand.Settle { Outcome: JobOutcome.Succeeded } settle => Succeed(job, settle, now),
        JobCommand.Settle { Outcome: JobOutcome.Failed failed } settle when MayRetry(job, failed, now) => Retry(job, settle, failed, now),
        JobCommand.Settle { Outcome: JobOutcome.Failed failed } => Fail(job, command, LastError(job, failed.Error, now), failed.Error, now),
        JobCommand.Settle { Outcome: JobOutcome.Snoozed snoozed } => Snooze(job, command, snoozed.Delay, now),
        JobCommand.Settle { Outcome: JobOutcome.Canceled canceled } => Stop(job, command, canceled.Reason, now),
        JobCommand.Settle { Outcome: JobOutcome.Released } => Write(job, GivenBack(job, now)),
        JobCommand.Cancel cancel => AskToStop(job, JobErrors.Canceled(cancel.Reason), cancel.Reason, now),
        JobCommand.Lose lose when lose.Token != job.Token => ClaimOver,
        JobCommand.Lose { Charged: false } => Write(job, GivenBack(job, now)),
        JobCommand.Lose when job.Losses + 1 < LossesMax => Lose(job, command, now),
        JobCommand.Lose => Poison(job, command, now),
        JobCommand.PassDeadline when job.Deadline > now || job.Deadline is null => InTime,
        JobCommand.PassDeadline { Started: true } => AskToStop(job, JobErrors.DeadlineExceeded(), null, now),
        JobCommand.PassDeadline => Expire(job, job.Attempt - 1, command, now),
        JobCommand.Update { Changes.RunAt: not null } => new JobDecision.Refuse(RunAtTooLate),
        JobCommand.Update update => Update(job, update.Changes, now),
        _ => NotClaimable,
    };

    /// <summary>The error in the head says what the job was asked to stop for: a cancel, or its deadline.</summary>
    private static JobDecision WhileCanceling(JobHead job, JobCommand command, DateTimeOffset now) => command switch
    {
        JobCommand.Settle settle when settle.Token != job.Token => ClaimOver,
        JobCommand.Settle { Outcome: JobOutcome.Succeeded } settle => Succeed(job, settle, now),
        JobCommand.Settle when PastDeadline(job) => Fail(job, command, job.Error!, job.Error!, now),
        JobCommand.Settle => Stop(job, command, job.CancelReason, now),
        JobCommand.Lose lose when lose.Token != job.Token => ClaimOver,
        JobCommand.Lose when PastDeadline(job) => Fail(job, command, job.Error!, JobErrors.WorkerLost(command.Worker), now),
        JobCommand.Lose => Stop(job, command, job.CancelReason, now),
        JobCommand.Update { Changes.RunAt: not null } => new JobDecision.Refuse(RunAtTooLate),
        JobCommand.Update update => Update(job, update.Changes, now),
        JobCommand.Cancel or JobCommand.PassDeadline => Stopping,
        _ => NotClaimable,
    };

    private static JobDecision OnceFinished(JobHead job, JobCommand command) => command switch
    {
        JobCommand.Update => new JobDecision.Refuse(new JobProblem(
            JobProblems.JobFinished, $"The job is {job.StatusAt(job.UpdatedAt).Word()}; a finished job does not change. Submit a new one.")),
        JobCommand.Settle or JobCommand.Lose => ClaimOver,
        _ => Finished,
    };

    private static readonly JobProblem Stale = new(
        JobProblems.PreconditionFailed, "The job has changed since it was read. Read it again, then decide.");

    private static readonly JobProblem RunAtTooLate = new(
        JobProblems.InvalidRequest, "The job has already started; runAt can only change while it waits.")
    {
        Errors = [new JobFieldError("#/runAt", "The job has already started; leave runAt out.")],
    };

    private static bool MayRetry(JobHead job, JobOutcome.Failed failed, DateTimeOffset now) =>
        failed.Error.Retryable && job.Failures + 1 < job.MaxAttempts && !(job.Deadline <= now);

    private static bool PastDeadline(JobHead job) => job.Error?.Code == JobErrorCodes.DeadlineExceeded;

    private static JobError LastError(JobHead job, JobError error, DateTimeOffset now)
    {
        if (!error.Retryable) return error;
        return job.Deadline <= now
            ? new JobError(JobErrorCodes.DeadlineExceeded, $"The deadline is past, and the attempt failed: {error.Message}", false, error.Detail)
            : JobErrors.Exhausted(error, job.MaxAttempts);
    }

    private static JobDecision.Change Succeed(JobHead job, JobCommand.Settle settle, DateTimeOffset now) =>
        new(new JobChange(job, Finish(job, JobState.Succeeded, null, settle, now) with { HasResult = settle.Result is not null })
        {
            Result = settle.Result,
        });

    private static JobDecision.Change Retry(JobHead job, JobCommand.Settle settle, JobOutcome.Failed failed, DateTimeOffset now) => Write(
        job,
        BackToQueue(job, now) with { DueAt = now + Bounded(settle.RetryDelay), Failures = job.Failures + 1, Error = failed.Error },
        Attempt(job, JobAttemptOutcome.Failed, failed.Error, settle, now));

    private static JobDecision.Change Fail(JobHead job, JobCommand command, JobError final, JobError attempt, DateTimeOffset now) => Write(
        job,
        Finish(job, JobState.Failed, final, command, now) with { Failures = job.Failures + 1 },
        Attempt(job, command is JobCommand.Lose ? JobAttemptOutcome.Lost : JobAttemptOutcome.Failed, attempt, command, now));

    private static JobDecision.Change Snooze(JobHead job, JobCommand command, TimeSpan delay, DateTimeOffset now) => Write(
        job, BackToQueue(job, now) with { DueAt = now + Bounded(delay) }, Attempt(job, JobAttemptOutcome.Snoozed, null, command, now));

    private static JobDecision.Change CancelWaiting(JobHead job, JobCommand.Cancel cancel, DateTimeOffset now) => Write(
        job, Finish(job, JobState.Canceled, JobErrors.Canceled(cancel.Reason), cancel, now) with { CancelReason = cancel.Reason });

    private static JobDecision.Change Expire(JobHead job, int attempt, JobCommand command, DateTimeOffset now) => Write(
        job, Finish(job, JobState.Failed, JobErrors.ExpiredBeforeStart(job), command, now) with { Attempt = attempt });

    private static JobDecision.Change Stop(JobHead job, JobCommand command, string? reason, DateTimeOffset now)
    {
        var error = JobErrors.Canceled(reason);
        return Write(
            job,
            Finish(job, JobState.Canceled, error, command, now) with { CancelReason = reason },
            Attempt(job, command is JobCommand.Lose ? JobAttemptOutcome.Lost : JobAttemptOutcome.Canceled, error, command, now));
    }

    private static JobDecision.Change Lose(JobHead job, JobCommand command, DateTimeOffset now)
    {
        var error = JobErrors.WorkerLost(command.Worker);
        return Write(
            job,
            BackToQueue(job, now) with { Losses = job.Losses + 1, Error = error },
            Attempt(job, JobAttemptOutcome.Lost, error, command, now));
    }

    private static JobDecision.Change Poison(JobHead job, JobCommand command, DateTimeOffset now) => Write(
        job,
        Finish(job, JobState.Failed, JobErrors.Poison(job.Losses + 1), command, now) with { Losses = job.Losses + 1 },
        Attempt(job, JobAttemptOutcome.Lost, JobErrors.WorkerLost(command.Worker), command, now));

    private static JobHead Claimed(JobHead job, JobCommand.Claim claim, DateTimeOffset now) => Next(job, now) with
    {
        State = JobState.Running,
        Session = claim.Session,
        Token = claim.Token,
        Attempt = job.Attempt + 1,
        StartedAt = now,
    };

    private static JobHead BackToQueue(JobHead job, DateTimeOffset now) => Next(job, now) with { State = JobState.Queued, Session = null };

    /// <summary>The attempt never was: the job keeps its due time, and with it its place in the queue.</summary>
    private static JobHead GivenBack(JobHead job, DateTimeOffset now) => BackToQueue(job, now) with
    {
        Attempt = job.Attempt - 1,
        StartedAt = job.Attempt > 1 ? job.StartedAt : null,
    };

    private static JobDecision.Change AskToStop(JobHead job, JobError error, string? reason, DateTimeOffset now) =>
        Write(job, Next(job, now) with { State = JobState.Canceling, Error = error, CancelReason = reason });

    private static JobDecision.Change Update(JobHead job, JobUpdate changes, DateTimeOffset now) =>
        new(new JobChange(job, Updated(job, changes, now)) { Labels = changes.Labels });

    private static JobHead Updated(JobHead job, JobUpdate changes, DateTimeOffset now) => Next(job, now) with
    {
        Priority = changes.Priority ?? job.Priority,
        DueAt = changes.RunAt ?? job.DueAt,
        Deadline = changes.RemoveDeadline ? null : changes.Deadline ?? job.Deadline,
        MaxAttempts = changes.MaxAttempts ?? job.MaxAttempts,
    };

    private static JobHead Finish(JobHead job, JobState state, JobError? error, JobCommand command, DateTimeOffset now) => job with
    {
        Version = job.Version + 1,
        UpdatedAt = now,
        State = state,
        Session = null,
        Error = error,
        FinishedAt = now,
        ExpiresAt = now + command.Retention.For(state),
    };

    private static JobHead Next(JobHead job, DateTimeOffset now) => job with { Version = job.Version + 1, UpdatedAt = now };

    private static JobAttempt Attempt(JobHead job, JobAttemptOutcome outcome, JobError? error, JobCommand command, DateTimeOffset now) =>
        new(job.Attempt, job.StartedAt ?? now, now, outcome, error, command.Worker);

    private static TimeSpan Bounded(TimeSpan delay) => delay < TimeSpan.Zero ? TimeSpan.Zero : delay < DelayMax ? delay : DelayMax;

    private static JobDecision.Change Write(JobHead before, JobHead after, JobAttempt? attempt = null) =>
        new(new JobChange(before, after) { Attempt = attempt });
}
