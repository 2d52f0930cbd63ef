using Errand.Storage;

namespace Errand;

/// <summary>The types that are known.</summary>
public interface IJobTypes
{
    /// <summary>Every known type, by name.</summary>
    ValueTask<IReadOnlyList<KnownType>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>The type of this name, or the one that had it before; null when none is known. What other nodes declared is at most a second old.</summary>
    async ValueTask<JobType?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        var all = await ListAsync(cancellationToken);
        return (all.FirstOrDefault(known => known.Type.Name == name) ?? all.FirstOrDefault(known => known.Type.Aliases.Contains(name)))?.Type;
    }
}

/// <summary>A known type.</summary>
/// <param name="Type">The declaration.</param>
/// <param name="Workers">How many living worker sessions can run it.</param>
public sealed record KnownType(JobType Type, int Workers);

/// <summary>Queues, for operators.</summary>
public interface IJobQueues
{
    /// <summary>Every queue that has settings, jobs or a type, by name; counts of one tenant, or of all.</summary>
    ValueTask<IReadOnlyList<QueueStatus>> ListAsync(string? tenant, CancellationToken cancellationToken = default);

    /// <summary>Changes a queue's settings and wakes the workers; holds from the next claim on.</summary>
    ValueTask<QueueSettings> SaveAsync(QueueSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Rolled-up counts of one tenant, or of all.</summary>
    ValueTask<IReadOnlyList<LaneCount>> CountAsync(string? tenant, CancellationToken cancellationToken = default);

    /// <summary>Worker sessions.</summary>
    ValueTask<IReadOnlyList<WorkerSession>> ListWorkersAsync(CancellationToken cancellationToken = default);
}

/// <summary>A queue as it is.</summary>
/// <param name="Settings">What is set.</param>
/// <param name="Queued">Jobs that wait, the scheduled ones included.</param>
/// <param name="Running">Jobs that run.</param>
/// <param name="OldestDueAt">Due time of the job that waits longest.</param>
public sealed record QueueStatus(QueueSettings Settings, long Queued, long Running, DateTimeOffset? OldestDueAt);

/// <summary>How this node is, for health checks.</summary>
public interface IErrandHealth
{
    /// <summary>The state of the store and of this node.</summary>
    ValueTask<StorageHealth> CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>True once the store is open and the engine runs.</summary>
    bool Started { get; }

    /// <summary>True from the moment the host begins to stop.</summary>
    bool Draining { get; }
}
