namespace Errand.Lifecycle;

/// <summary>
/// What someone wants of a job: a closed set. Commands carry every value that is not in the head, so that deciding needs neither a clock
/// nor a die.
/// </summary>
internal abstract record JobCommand
{
    private JobCommand()
    {
    }

    /// <summary>How long the job is kept if this ends it.</summary>
    public JobRetention Retention { get; init; } = JobRetention.Default;

    /// <summary>The name of the worker that the command is about, for the attempt history.</summary>
    public string? Worker { get; init; }

    /// <summary>A session takes the job. Stores do this themselves, in bulk; the arm says what they must do.</summary>
    public sealed record Claim(SessionId Session, long Token) : JobCommand;

    /// <summary>A worker reports the outcome of the attempt that it claimed with this token.</summary>
    public sealed record Settle(long Token, JobOutcome Outcome) : JobCommand
    {
        /// <summary>How long a retry waits, already drawn.</summary>
        public TimeSpan RetryDelay { get; init; }

        /// <summary>The result, already placed, if the outcome has one.</summary>
        public JobResult? Result { get; init; }
    }

    /// <summary>Somebody asks the job to stop.</summary>
    public sealed record Cancel(string? Reason) : JobCommand;

    /// <summary>The worker session is gone. Not charged when the job was fetched ahead and surely never started.</summary>
    public sealed record Lose(long Token, bool Charged) : JobCommand;

    /// <summary>The deadline may be past. A claimed job that no handler has seen yet has not started.</summary>
    public sealed record PassDeadline(bool Started = true) : JobCommand;

    /// <summary>Somebody changes the job's settings.</summary>
    public sealed record Update(JobUpdate Changes) : JobCommand
    {
        /// <summary>Only if the job is still at this version.</summary>
        public long? IfVersion { get; init; }
    }
}
