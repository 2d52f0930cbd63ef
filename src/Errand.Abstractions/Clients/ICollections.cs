namespace Errand;

/// <summary>
/// Collections: named groups of callers with whom the jobs of types (<see cref="JobType.Collections"/>) and schedules (<see cref="ScheduleDefinition.Collections"/>) are shared, where a
/// dialect has that rule. Without one registered nobody is a member of any.
/// </summary>
public interface ICollections
{
    /// <summary>The names of the collections that the caller is a member of.</summary>
    ValueTask<IReadOnlyCollection<string>> OfAsync(JobCaller caller, CancellationToken cancellationToken = default);
}
