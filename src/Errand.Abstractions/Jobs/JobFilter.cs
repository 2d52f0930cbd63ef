namespace Errand;

/// <summary>What jobs must match: AND of the members that are set; within a member, OR of its values, each possibly excluded instead.</summary>
public sealed record JobFilter
{
    /// <summary>Every job.</summary>
    public static JobFilter All { get; } = new();

    /// <summary>Statuses.</summary>
    public IReadOnlyList<JobStatus> Statuses { get; init; } = [];

    /// <summary>Types; a trailing <c>*</c> matches a prefix: <c>report.*</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Queues.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>Labels that must be there with these values.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Accepted at or after.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Accepted before.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Finished at or after.</summary>
    public DateTimeOffset? FinishedAfter { get; init; }

    /// <summary>Made by this schedule.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>Of this group of requests.</summary>
    public string? CorrelationId { get; init; }
}
