namespace Errand.Storage;

/// <summary>Known types, queues and counts: what a node must know of the others.</summary>
public interface ICatalogStore
{
    /// <summary>Makes types known, replacing what was known of them by name.</summary>
    ValueTask SaveTypesAsync(IReadOnlyList<StoredType> types, CancellationToken cancellationToken);

    /// <summary>Every type that any node ever made known.</summary>
    ValueTask<IReadOnlyList<StoredType>> ListTypesAsync(CancellationToken cancellationToken);

    /// <summary>Stores a queue's settings; they hold from the next claim on.</summary>
    ValueTask SaveQueueAsync(QueueSettings queue, CancellationToken cancellationToken);

    /// <summary>Queues with stored settings, and queues that hold jobs.</summary>
    ValueTask<IReadOnlyList<QueueSettings>> ListQueuesAsync(CancellationToken cancellationToken);

    /// <summary>Rolled-up counts, never a scan. Of one tenant, or of all.</summary>
    ValueTask<IReadOnlyList<LaneCount>> CountAsync(string? tenant, CancellationToken cancellationToken);

    /// <summary>Due time of the longest waiting due job of a queue; null when none waits.</summary>
    ValueTask<DateTimeOffset?> OldestDueAsync(string queue, DateTimeOffset asOf, CancellationToken cancellationToken);
}

/// <summary>A type as the store knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Declaration">What the declaring node said of it: JSON, UTF-8, opaque to the store.</param>
/// <param name="SeenAt">When a node last declared it.</param>
public sealed record StoredType(string Name, ReadOnlyMemory<byte> Declaration, DateTimeOffset SeenAt);

/// <summary>What an operator has set for a queue.</summary>
/// <param name="Name">The queue.</param>
/// <param name="Paused">Gives nothing while true.</param>
/// <param name="MaxConcurrency">At most this many jobs of it run at once, on all nodes together. Null: no limit.</param>
/// <param name="Rate">At most this many jobs of it start a second. Null: no limit.</param>
public sealed record QueueSettings(string Name, bool Paused = false, int? MaxConcurrency = null, double? Rate = null);

/// <summary>How many jobs of a tenant, queue and type are in a state. Scheduled jobs count as queued.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Queue">The queue.</param>
/// <param name="Type">The type.</param>
/// <param name="State">The state.</param>
/// <param name="Jobs">How many.</param>
public readonly record struct LaneCount(string Tenant, string Queue, string Type, JobState State, long Jobs);
