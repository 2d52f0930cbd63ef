namespace Errand.Storage.Memory;

/// <summary>
/// Jobs in memory: for tests, the testing kit and simulation. Keeps every promise of <see cref="IJobStorage"/> but one: what it holds
/// ends with the process.
/// </summary>
public sealed class MemoryStorage : IJobStorage
{
    private readonly MemoryDatabase _database;
    private readonly MemoryStorageFaults _faults;

    /// <summary>Makes an empty store.</summary>
    /// <param name="faults">What is to go wrong. Default: nothing.</param>
    public MemoryStorage(MemoryStorageFaults? faults = null)
        : this(new MemoryDatabase(), faults ?? new MemoryStorageFaults())
    {
    }

    private MemoryStorage(MemoryDatabase database, MemoryStorageFaults faults)
    {
        (_database, _faults) = (database, faults);
        var verbs = new MemoryVerbs(database, faults);
        Jobs = new MemoryJobStore(verbs);
        Queue = new MemoryJobQueue(verbs);
        Sessions = new MemorySessionStore(verbs);
        Contents = new MemoryContentStore(verbs);
        Uploads = new MemoryUploadStore(verbs);
        Files = new MemoryOutputStore(verbs);
        Retention = new MemoryRetentionStore(verbs);
        Catalog = new MemoryCatalogStore(verbs);
        Schedules = new MemoryScheduleStore(verbs);
        Security = new MemorySecurityStore(verbs);
        Schema = new MemorySchema(verbs, faults);
    }

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public IJobStore Jobs { get; }

    /// <inheritdoc/>
    public IJobQueue Queue { get; }

    /// <inheritdoc/>
    public ISessionStore Sessions { get; }

    /// <inheritdoc/>
    public IContentStore Contents { get; }

    /// <inheritdoc/>
    public IUploadStore Uploads { get; }

    /// <inheritdoc/>
    public IOutputStore Files { get; }

    /// <inheritdoc/>
    public IRetentionStore Retention { get; }

    /// <inheritdoc/>
    public ICatalogStore Catalog { get; }

    /// <inheritdoc/>
    public IScheduleStore Schedules { get; }

    /// <inheritdoc/>
    public ISecurityStore Security { get; }

    /// <inheritdoc/>
    public IStorageSchema Schema { get; }

    /// <summary>The tables themselves, for whoever looks after every write whether they are sound.</summary>
    internal MemoryDatabase Database => _database;

    /// <summary>The same jobs as a process sees them that starts after this one: what a test of a restart continues with.</summary>
    /// <param name="faults">What is to go wrong there. Default: the same as here.</param>
    public MemoryStorage Reopen(MemoryStorageFaults? faults = null) => new(_database, faults ?? _faults);

    /// <summary>Does nothing: the jobs stay for <see cref="Reopen"/>.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
