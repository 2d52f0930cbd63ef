namespace Errand.Storage;

/// <summary>
/// Schedules, as documents that are compared and swapped. When they fire, and what, is decided above this seam; the store keeps the one promise that
/// matters: a schedule's advance and the jobs of that firing become durable together, or not at all.
/// </summary>
public interface IScheduleStore
{
    /// <summary>Reads one schedule; null when there is none.</summary>
    ValueTask<StoredSchedule?> FindAsync(string tenant, string name, CancellationToken cancellationToken);

    /// <summary>A tenant's schedules by name in ordinal order, those after <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<StoredSchedule>> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Schedules of every tenant whose <see cref="StoredSchedule.NextAt"/> is at or before <paramref name="asOf"/>, earliest first: what is due, and, asked for one
    /// with the end of time, when something will be.
    /// </summary>
    ValueTask<IReadOnlyList<StoredSchedule>> ListDueAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a schedule and stores the jobs it fires, in one transaction, if the stored version is still <see cref="ScheduleChange.Before"/>; otherwise writes nothing. A job
    /// that something is in the way of does not hinder the others, nor the schedule.
    /// </summary>
    ValueTask<ScheduleOutcome> SaveAsync(ScheduleChange change, CancellationToken cancellationToken);

    /// <summary>Removes a schedule if its version is still that one. Its jobs stay. False: nothing was removed.</summary>
    ValueTask<bool> RemoveAsync(string tenant, string name, long version, CancellationToken cancellationToken);
}

/// <summary>A schedule as the store knows it.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Name">Its name, unique within the tenant.</param>
/// <param name="Version">Grows with every write, firings included; 1 when first stored. What compare-and-set uses.</param>
/// <param name="NextAt">When it fires next; null while it does not: paused, or its times are over.</param>
/// <param name="Body">All that is known of it: JSON, UTF-8, opaque to the store.</param>
public sealed record StoredSchedule(string Tenant, string Name, long Version, DateTimeOffset? NextAt, ReadOnlyMemory<byte> Body);

/// <summary>A decided change of a schedule.</summary>
/// <param name="Before">The version that it was decided on; 0 when there must be none yet.</param>
/// <param name="After">What to store, with the next version.</param>
/// <param name="Jobs">The jobs that it fires with it, of the same tenant.</param>
/// <param name="AsOf">The instant.</param>
public sealed record ScheduleChange(long Before, StoredSchedule After, IReadOnlyList<NewJob> Jobs, DateTimeOffset AsOf);

/// <summary>What became of a change.</summary>
/// <param name="Saved">False: the stored version was another one, and nothing was written.</param>
/// <param name="Jobs">One outcome per job, in the order given; empty when nothing was written.</param>
public sealed record ScheduleOutcome(bool Saved, IReadOnlyList<SubmitOutcome> Jobs)
{
    /// <summary>Nothing was written.</summary>
    public static ScheduleOutcome Conflict { get; } = new(false, []);
}
