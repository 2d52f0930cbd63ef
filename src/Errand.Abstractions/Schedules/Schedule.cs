namespace Errand;

/// <summary>A schedule: what it is to do, and where it stands. The jobs it makes are jobs like any other, with its name as their <see cref="JobDetails.ScheduleId"/>.</summary>
public sealed record Schedule
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Its name, unique within the tenant: <c>[a-z][a-z0-9._-]{0,127}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Who made it: the owner of its jobs.</summary>
    public required string Owner { get; init; }

    /// <summary>What it is to do.</summary>
    public required ScheduleDefinition Definition { get; init; }

    /// <summary>Grows whenever someone changes, pauses or resumes it; firings leave it alone. What its ETag is made of.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>Grows with every write, firings included: what the store compares and swaps.</summary>
    public long Version { get; init; } = 1;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When someone last changed, paused or resumed it.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What <c>every</c> counts from: when its times were set.</summary>
    public DateTimeOffset Anchor { get; init; }

    /// <summary>The time that comes next by its plan, before jitter; null while it is paused, or when none is left.</summary>
    public DateTimeOffset? NextSlot { get; init; }

    /// <summary>When it fires next, jitter included.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>When it last made a job.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>The id of the last job it made.</summary>
    public string? LastJobId { get; init; }

    /// <summary>Ids of the latest jobs it made that had not ended when it last looked: what <c>overlap</c> is decided on.</summary>
    public IReadOnlyList<string> LiveJobs { get; init; } = [];

    /// <summary>Why the last firing made no job, if it should have. Null once one succeeds.</summary>
    public string? Problem { get; init; }
}

/// <summary>What a schedule is to do.</summary>
public sealed record ScheduleDefinition
{
    /// <summary>Five fields (minute first) or six (second first), as Cronos reads them. Either this or <see cref="Every"/>.</summary>
    public string? Cron { get; init; }

    /// <summary>The IANA time zone that <see cref="Cron"/> counts in. Default: <c>UTC</c>. A time that a zone skips fires when the gap ends; one that it repeats fires once, at the first.</summary>
    public string? TimeZone { get; init; }

    /// <summary>A fixed distance, 1 second to a year, counted from when it was set. Either this or <see cref="Cron"/>.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>Each firing comes up to this much later, the same on every node: 0 to 1 day. Default: none.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>What becomes of times that passed while nothing could fire them. Default: <see cref="MisfireRule.Once"/>.</summary>
    public MisfireRule Misfire { get; init; } = MisfireRule.Once;

    /// <summary>What happens when its former job has not ended. Default: <see cref="OverlapRule.Allow"/>.</summary>
    public OverlapRule Overlap { get; init; } = OverlapRule.Allow;

    /// <summary>Fires nothing while true. Times that pass meanwhile are not made up for.</summary>
    public bool Paused { get; init; }

    /// <summary>Names of the collections that its jobs are shared with: their members see them as if they had run them, where a dialect has that rule.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>The job that it submits. Without id, upload, unique key and instants.</summary>
    public required JobSubmission Job { get; init; }
}

/// <summary>What becomes of times that passed, by more than a minute, while nothing could fire them.</summary>
public enum MisfireRule
{
    /// <summary>They are left out.</summary>
    Skip,

    /// <summary>One job for all of them.</summary>
    Once,

    /// <summary>One job for each of them.</summary>
    All,
}

/// <summary>What happens at a time when a former job of the schedule has not ended.</summary>
public enum OverlapRule
{
    /// <summary>The new one is made beside it.</summary>
    Allow,

    /// <summary>No new one is made.</summary>
    Skip,

    /// <summary>The former one is asked to stop, and the new one is made.</summary>
    CancelPrevious,
}
