using System.Data.Common;
using Errand.Storage.Folders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Errand.Storage.Sqlite;

/// <summary>Jobs in one SQLite file. Open it with <see cref="IStorageSchema.MigrateAsync"/> before any other verb.</summary>
public sealed class SqliteStorage : IJobStorage, ITransactionalStorage
{
    private readonly Database _database;
    private readonly Outboxes _outboxes;

    /// <summary>Makes a store that is not opened yet.</summary>
    /// <param name="options">Where it lies.</param>
    /// <param name="time">Paces the waiting for the folder's lock and the looks at the disk. Default: the system's.</param>
    /// <param name="logger">Default: none.</param>
    /// <exception cref="ArgumentException">No folder is named.</exception>
    public SqliteStorage(SqliteStorageOptions options, TimeProvider? time = null, ILogger<SqliteStorage>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.DataFolder))
        {
            throw new ArgumentException("No data folder is named: set SqliteStorageOptions.DataFolder.", nameof(options));
        }

        if (!DataFolder.IsDatabaseName(options.DatabaseFile))
        {
            throw new ArgumentException(
                $"'{options.DatabaseFile}' is no name for a database within the data folder: set SqliteStorageOptions.DatabaseFile to a file's name, as 'errand.db'.",
                nameof(options));
        }

        var folder = new DataFolder(options.DataFolder, options.DatabaseFile);
        _database = new Database(folder, options, time ?? TimeProvider.System, logger ?? NullLogger<SqliteStorage>.Instance);
        Jobs = new SqliteJobStore(_database);
        Queue = new SqliteJobQueue(_database);
        Sessions = new SqliteSessionStore(_database);
        Contents = new SqliteContentStore(_database);
        Uploads = new SqliteUploadStore(_database);
        Files = new FolderFiles(folder.Files, _database.Faults.Files, _database.RefuseGrowth, new NamedFiles(_database).OfAsync);
        Retention = new SqliteRetentionStore(_database);
        Catalog = new SqliteCatalogStore(_database);
        Schedules = new SqliteScheduleStore(_database);
        Security = new SqliteSecurityStore(_database);
        Schema = new SqliteSchema(_database);
        Transfer = new SqliteTransfer(folder);
        _outboxes = new Outboxes(_database, logger ?? NullLogger<SqliteStorage>.Instance);
    }

    /// <inheritdoc/>
    public string Name => "sqlite";

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

    /// <inheritdoc/>
    public IStorageTransfer? Transfer { get; }

    /// <inheritdoc/>
    public ValueTask<Enlistment> EnlistAsync(JobBatch batch, DbTransaction transaction, CancellationToken cancellationToken) =>
        _outboxes.EnlistAsync(batch, transaction, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EnlistedJob>> ListEnlistedAsync(int limit, CancellationToken cancellationToken) => _outboxes.ListEnlistedAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RemoveEnlistedAsync(IReadOnlyList<EnlistedJob> jobs, CancellationToken cancellationToken) => _outboxes.RemoveEnlistedAsync(jobs, cancellationToken);

    /// <summary>Writes what is queued, empties the log into the file and gives the folder back.</summary>
    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}
