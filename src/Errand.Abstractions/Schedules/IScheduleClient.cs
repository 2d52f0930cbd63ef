namespace Errand;

/// <summary>
/// Schedules as one caller, who sees and changes their own, or with <see cref="JobCaller.SeesAll"/> every one of the tenant. A schedule that the caller may not see is a
/// <see cref="JobProblems.NotFound"/>.
/// </summary>
public interface IScheduleClient
{
    /// <summary>Schedules by name, those after <paramref name="after"/>.</summary>
    ValueTask<SchedulePage> ListAsync(string? after = null, int limit = 50, CancellationToken cancellationToken = default);

    /// <summary>Reads one.</summary>
    ValueTask<Schedule> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Makes a schedule; its name must be free (<see cref="JobProblems.ScheduleExists"/>).</summary>
    ValueTask<Schedule> CreateAsync(string name, ScheduleDefinition definition, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes it, or replaces its definition; with <paramref name="ifRevision"/> only if it has that revision (<see cref="JobProblems.PreconditionFailed"/>). The same
    /// definition again changes nothing. Its next time is counted anew only when its times change.
    /// </summary>
    ValueTask<SavedSchedule> SaveAsync(string name, ScheduleDefinition definition, long? ifRevision = null, CancellationToken cancellationToken = default);

    /// <summary>Pauses or resumes it. Resumed, it goes on with the next time to come.</summary>
    ValueTask<Schedule> PauseAsync(string name, bool paused, CancellationToken cancellationToken = default);

    /// <summary>Makes a job of it now, paused or not, whatever runs; its plan is not touched.</summary>
    ValueTask<Job> RunAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Removes it; its jobs stay.</summary>
    ValueTask RemoveAsync(string name, long? ifRevision = null, CancellationToken cancellationToken = default);

    /// <summary>The next times it fires, jitter included, as if it were not paused; at most 100.</summary>
    ValueTask<IReadOnlyList<DateTimeOffset>> NextAsync(string name, int count = 10, CancellationToken cancellationToken = default);
}

/// <summary>One page of schedules.</summary>
/// <param name="Schedules">The schedules.</param>
/// <param name="Next">What to give as <c>after</c> for what follows; null at the end.</param>
public sealed record SchedulePage(IReadOnlyList<Schedule> Schedules, string? Next);

/// <summary>A saved schedule.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Created">True when it was made now.</param>
public sealed record SavedSchedule(Schedule Schedule, bool Created);
