namespace Errand;

/// <summary>A job as its readers see it, read in one go.</summary>
public sealed record Job
{
    /// <summary>The mutable part.</summary>
    public required JobHead Head { get; init; }

    /// <summary>What was said about it.</summary>
    public JobDetails Details { get; init; } = JobDetails.None;

    /// <summary>The latest stored progress; null when none was reported.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>Counts of its reported items; null when it has none.</summary>
    public JobItemCounts? Items { get; init; }

    /// <summary>The result; its body only when asked for and small enough for the row.</summary>
    public JobResult? Result { get; init; }

    /// <summary>The input; only when asked for.</summary>
    public JobInput? Input { get; init; }

    /// <summary>The stored attempts, oldest first; only when asked for.</summary>
    public IReadOnlyList<JobAttempt>? Attempts { get; init; }

    /// <summary>What this sight of the job is compared by.</summary>
    public JobRevision RevisionAt(DateTimeOffset now) =>
        new(Head.Version, Progress?.Sequence ?? 0, Head.StatusAt(now) is JobStatus.Scheduled);
}

/// <summary>What is read with a job beyond its head, details and progress.</summary>
[Flags]
public enum JobParts
{
    /// <summary>Head, details, progress, counts, and the result without its body.</summary>
    Status = 0,

    /// <summary>The body of the result.</summary>
    Result = 1,

    /// <summary>The input.</summary>
    Input = 2,

    /// <summary>The attempt history.</summary>
    Attempts = 4,
}
