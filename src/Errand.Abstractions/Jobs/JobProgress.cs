namespace Errand;

/// <summary>How far a job has come. Written about once a second and job; the latest report wins.</summary>
public sealed record JobProgress
{
    /// <summary>0 to 100, or null when only counts are known.</summary>
    public double? Percent { get; init; }

    /// <summary>Items or units done, the failed ones included.</summary>
    public long? Completed { get; init; }

    /// <summary>Items or units in all.</summary>
    public long? Total { get; init; }

    /// <summary>Items that failed.</summary>
    public long? Failed { get; init; }

    /// <summary>What is counted: <c>rows</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>The phase, in words.</summary>
    public string? Message { get; init; }

    /// <summary>When it was reported.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Grows with every stored report of the job; part of the ETag. Given by the store.</summary>
    public long Sequence { get; init; }
}
