namespace Errand;

/// <summary>
/// Collections: named groups of callers with whom the jobs of types and schedules are shared, where a dialect has that rule. Without one registered nobody is a member of any.
/// </summary>
public interface ICollections
{
    /// <summary>What is shared with the caller.</summary>
    ValueTask<JobShares> OfAsync(JobCaller caller, CancellationToken cancellationToken = default);
}

/// <summary>
/// What is shared with a caller through the collections that they are a member of. A collection names its types and schedules, and these can name the collection
/// (<see cref="JobType.Collections"/>, <see cref="ScheduleDefinition.Collections"/>): either shares.
/// </summary>
/// <param name="Collections">The names of the collections.</param>
/// <param name="Types">The types that the collections name.</param>
/// <param name="Schedules">The schedules that the collections name.</param>
public sealed record JobShares(IReadOnlyCollection<string> Collections, IReadOnlyCollection<string> Types, IReadOnlyCollection<string> Schedules)
{
    /// <summary>Nothing.</summary>
    public static JobShares None { get; } = new([], [], []);

    /// <summary>True when no job at all can be shared.</summary>
    public bool IsEmpty => Collections.Count == 0;

    /// <summary>True when the jobs of a type are shared.</summary>
    public bool Covers(JobType type) => Types.Contains(type.Name) || type.Collections.Any(Collections.Contains);

    /// <summary>True when the jobs of a schedule are shared.</summary>
    public bool Covers(Schedule schedule) => Schedules.Contains(schedule.Name) || schedule.Definition.Collections.Any(Collections.Contains);
}
