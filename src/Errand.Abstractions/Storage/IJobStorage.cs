namespace Errand.Storage;

/// <summary>
/// One database holding the jobs of one Errand installation. Thread-safe. Never reads a clock: every verb that needs the instant
/// receives it. Holds no policy: what may change, and into what, is decided above this seam.
/// </summary>
/// <remarks>
/// What holds for every verb that writes: when it returns, what it says it did is on disk and survives a crash; when it throws,
/// nothing was written, unless the exception is <see cref="OutcomeUnknownException"/>. A <see cref="CancellationToken"/> is honoured only before the write
/// is begun. Failures of the store itself are <see cref="StorageException"/>s.
/// </remarks>
public interface IJobStorage : IAsyncDisposable
{
    /// <summary><c>sqlite</c>, <c>postgresql</c>, <c>memory</c>: used in logs, metrics and error messages.</summary>
    string Name { get; }

    /// <summary>Jobs: submit, find, list, change.</summary>
    IJobStore Jobs { get; }

    /// <summary>Jobs as work: claim and settle.</summary>
    IJobQueue Queue { get; }

    /// <summary>Worker sessions.</summary>
    ISessionStore Sessions { get; }

    /// <summary>What jobs report while they run: progress, messages, items, outputs.</summary>
    IContentStore Contents { get; }

    /// <summary>Uploaded item files.</summary>
    IUploadStore Uploads { get; }

    /// <summary>The bytes of outputs and uploads.</summary>
    IOutputStore Files { get; }

    /// <summary>Removing what is over.</summary>
    IRetentionStore Retention { get; }

    /// <summary>Known types and queues, and their counts.</summary>
    ICatalogStore Catalog { get; }

    /// <summary>Schedules, and the jobs they fire.</summary>
    IScheduleStore Schedules { get; }

    /// <summary>Access tokens and keys.</summary>
    ISecurityStore Security { get; }

    /// <summary>The schema and the state of the store.</summary>
    IStorageSchema Schema { get; }

    /// <summary>Hints between the nodes that share the store; null where it is one process's own, or where none can be sent.</summary>
    IStorageHints? Hints => null;

    /// <summary>What became of all jobs, whichever node did it; null where one process does all of it and knows.</summary>
    IChangeLog? Changes => null;

    /// <summary>Moving all of it into a store of another kind; null where that cannot be done.</summary>
    IStorageTransfer? Transfer => null;
}

/// <summary>Makes the schema ready and tells how the store is.</summary>
public interface IStorageSchema
{
    /// <summary>Opens the store, takes its lock where it has one, and applies the migrations that are missing. Called once, before any other verb.</summary>
    /// <exception cref="StorageException">It is locked by another process, damaged, too new, or not writable; the message says what to do.</exception>
    ValueTask MigrateAsync(DateTimeOffset asOf, CancellationToken cancellationToken);

    /// <summary>Reads the state of the store; cheap enough for a health check every second.</summary>
    ValueTask<StorageHealth> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>How a store is.</summary>
/// <param name="Status">Whether it works.</param>
/// <param name="Reasons">Why it is not healthy, one sentence each, with what to do.</param>
/// <param name="SchemaVersion">The schema version in force.</param>
/// <param name="AcceptsSubmits">False while only settles still fit: submits are answered 507.</param>
/// <param name="Figures">Named figures: <c>wal_bytes</c>, <c>disk_free_bytes</c>.</param>
public sealed record StorageHealth(
    StorageStatus Status, IReadOnlyList<string> Reasons, int SchemaVersion, bool AcceptsSubmits, IReadOnlyDictionary<string, long> Figures);

/// <summary>Whether a store works.</summary>
public enum StorageStatus
{
    /// <summary>It works.</summary>
    Healthy,

    /// <summary>It works, and someone should look.</summary>
    Degraded,

    /// <summary>It does not work.</summary>
    Unhealthy,
}
