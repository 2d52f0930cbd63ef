using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Errand.Storage.PostgreSql;

/// <summary>Jobs in a PostgreSQL database that many nodes share. Open it with <see cref="IStorageSchema.MigrateAsync"/> before any other verb.</summary>
public sealed class PostgreSqlStorage : IJobStorage, ITransactionalStorage
{
    private readonly Database _database;
    private readonly Writers _writers;
    private readonly Enlisting _enlisting;
    private readonly BeatLine _beats;
    private readonly Upkeep _upkeep;
    private readonly PostgreSqlHints? _hints;
    private int _disposed;

    private static readonly TimeSpan ReadFenceMin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReadFenceMax = TimeSpan.FromMinutes(1);

    /// <summary>Makes a store that is not opened yet.</summary>
    /// <param name="options">Where it lies.</param>
    /// <param name="time">Paces the upkeep; a <see cref="StorageClock"/> is kept at the store's time. Default: the system's.</param>
    /// <param name="logger">Default: none.</param>
    /// <exception cref="ArgumentException">The connection string is missing or wrong.</exception>
    public PostgreSqlStorage(PostgreSqlStorageOptions options, TimeProvider? time = null, ILogger<PostgreSqlStorage>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            throw new ArgumentException("No database is named: set PostgreSqlStorageOptions.ConnectionString.", nameof(options));
        }

        if (options.ReadFence < ReadFenceMin || options.ReadFence > ReadFenceMax)
        {
            throw new ArgumentException($"PostgreSqlStorageOptions.ReadFence is {options.ReadFence}; it must be 2 seconds to 1 minute.", nameof(options));
        }

        logger ??= NullLogger<PostgreSqlStorage>.Instance;
        time ??= TimeProvider.System;
        _database = new Database(options, time);
        _writers = new Writers(_database);
        _enlisting = new Enlisting(_database, new SubmitWrites(_database, new Touch()));
        _beats = new BeatLine(_database);
        Jobs = new PostgreSqlJobStore(_writers, new Listing(_database));
        Queue = new PostgreSqlJobQueue(_database, _writers);
        Sessions = new PostgreSqlSessionStore(_database, _beats);
        Contents = new PostgreSqlContentStore(_database);
        Uploads = new PostgreSqlUploadStore(_database);
        Retention = new PostgreSqlRetentionStore(_database);
        Catalog = new PostgreSqlCatalogStore(_database);
        Security = new PostgreSqlSecurityStore(_database);
        var folder = options.OutputFolder is { } path ? new SharedFolder(path, _database, Security) : null;
        Files = new PostgreSqlFiles(new ChunkStore(_database), folder?.Files);
        Schedules = new PostgreSqlScheduleStore(_database);
        Transfer = new PostgreSqlTransfer(_database);
        Changes = new ChangeLog(_database, time);
        var node = new Node();
        if (!options.Pooler) _hints = new PostgreSqlHints(_database, node, time, logger);
        _upkeep = new Upkeep(
            _database, new Heartbeat(_database, node, _database.Fence, time), new Rotation(_database, _database.Ring, time), new RangeKeeper(_database, time), time, logger);
        Schema = new PostgreSqlSchema(_database, folder, _upkeep, logger);
    }

    internal Database Database => _database;

    /// <inheritdoc/>
    public string Name => "postgresql";

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
    public ISecurityStore Security { get; }

    /// <inheritdoc/>
    public IScheduleStore Schedules { get; }

    /// <inheritdoc/>
    public IStorageSchema Schema { get; }

    /// <inheritdoc/>
    public IStorageHints? Hints => _hints;

    /// <inheritdoc/>
    public IChangeLog? Changes { get; }

    /// <inheritdoc/>
    public IStorageTransfer? Transfer { get; }

    /// <inheritdoc/>
    public ValueTask<Enlistment> EnlistAsync(JobBatch batch, DbTransaction transaction, CancellationToken cancellationToken) => _enlisting.RunAsync(batch, transaction);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EnlistedJob>> ListEnlistedAsync(int limit, CancellationToken cancellationToken) => new([]);

    /// <inheritdoc/>
    public ValueTask RemoveEnlistedAsync(IReadOnlyList<EnlistedJob> jobs, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Writes what is queued and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        if (_hints is not null) await _hints.DisposeAsync();
        await _upkeep.DisposeAsync();
        await _writers.DisposeAsync();
        _beats.Dispose();
        await _database.DisposeAsync();
    }
}
