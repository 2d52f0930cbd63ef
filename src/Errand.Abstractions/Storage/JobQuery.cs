namespace Errand.Storage;

/// <summary>Which jobs to list.</summary>
public sealed record JobQuery
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Only this owner's jobs; null for every owner of the tenant.</summary>
    public string? Owner { get; init; }

    /// <summary>What the jobs must match.</summary>
    public JobFilter Filter { get; init; } = JobFilter.All;

    /// <summary>What they are ordered by.</summary>
    public JobOrder Order { get; init; } = JobOrder.CreatedDescending;

    /// <summary>Where the page starts: what <see cref="JobPage.Next"/> said.</summary>
    public JobCursor? After { get; init; }

    /// <summary>Jobs a page, 1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>The instant that tells scheduled from queued.</summary>
    public required DateTimeOffset AsOf { get; init; }
}

/// <summary>The orders of a list.</summary>
public enum JobOrder
{
    /// <summary>Newest first, by sequence.</summary>
    CreatedDescending,

    /// <summary>Oldest first, by sequence.</summary>
    CreatedAscending,

    /// <summary>Latest finished first; only finished jobs.</summary>
    FinishedDescending,

    /// <summary>Earliest finished first; only finished jobs.</summary>
    FinishedAscending,
}

/// <summary>A place in a list.</summary>
/// <param name="Time">The finish time where the list is ordered by it; otherwise unused.</param>
/// <param name="Sequence">The sequence of the last row read.</param>
public readonly record struct JobCursor(DateTimeOffset? Time, long Sequence);

/// <summary>One page of jobs, without results and inputs.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="Next">Where the next page starts; null at the end.</param>
public sealed record JobPage(IReadOnlyList<Job> Jobs, JobCursor? Next);
