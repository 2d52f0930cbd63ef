namespace Errand;

/// <summary>One line of a job's log.</summary>
public sealed record JobMessage
{
    /// <summary>Order within the job, from 1, given by the store. Gaps are lines that were dropped.</summary>
    public long Sequence { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How grave it is.</summary>
    public JobSeverity Severity { get; init; } = JobSeverity.Info;

    /// <summary>What it says.</summary>
    public required string Text { get; init; }

    /// <summary>The tool or source number of a workflow step, where there is one.</summary>
    public int? Source { get; init; }

    /// <summary>The attempt that said it.</summary>
    public int Attempt { get; init; }
}

/// <summary>How grave a message is.</summary>
public enum JobSeverity
{
    /// <summary>For whoever debugs.</summary>
    Debug = 0,

    /// <summary>What happens.</summary>
    Info = 1,

    /// <summary>Worth a look.</summary>
    Warning = 2,

    /// <summary>Something failed.</summary>
    Error = 3,
}
