namespace Errand;

/// <summary>
/// One run of a handler that did not end the job well. A successful last attempt is told by the head and is not stored again.
/// </summary>
/// <param name="Number">The attempt, from 1.</param>
/// <param name="StartedAt">When it was claimed.</param>
/// <param name="FinishedAt">When it was settled.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Worker">The name of the worker that ran it.</param>
public sealed record JobAttempt(
    int Number, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, JobAttemptOutcome Outcome, JobError? Error, string? Worker = null);

/// <summary>What became of an attempt.</summary>
public enum JobAttemptOutcome
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It ended the job well.</summary>
    Succeeded,

    /// <summary>It failed; the job may go on.</summary>
    Failed,

    /// <summary>It ended because of a cancel.</summary>
    Canceled,

    /// <summary>The handler asked to be run again later.</summary>
    Snoozed,

    /// <summary>The worker was lost.</summary>
    Lost,
}
