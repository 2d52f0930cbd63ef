using Errand.Storage.Folders;
using Microsoft.Extensions.Logging;

namespace Errand.Storage.Sqlite;

/// <summary>Opens a store: the checks of folder and file, the lock, the migrations, and then the parts that work on it.</summary>
internal sealed class DatabaseOpening(
    DataFolder folder, SqliteStorageOptions options, StorageFaults faults, TimeProvider time, ILogger logger)
{
    private readonly Connections _connections = new(folder);

    public async ValueTask<OpenDatabase> OpenAsync(DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        FolderLock? held = null;
        try
        {
            DurableFolder.Create(folder.Root);
            FileSystemCheck.RefuseUnsuitable(folder);
            held = FolderLock.TryTake(folder) ?? (options.Shared ? null : await WaitAsync(cancellationToken));
            var open = Open(held, asOf);
            SqliteLog.Opened(logger, folder.Database, open.SchemaVersion);
            return open;
        }
        catch (Exception exception)
        {
            held?.Dispose();
            if (Explain(exception) is { } explained) throw explained;
            throw;
        }
    }

    private ValueTask<FolderLock> WaitAsync(CancellationToken cancellationToken)
    {
        SqliteLog.Waiting(logger, folder.Root, options.LockTimeout.TotalSeconds);
        return FolderLock.TakeAsync(folder, options.LockTimeout, time, cancellationToken);
    }

    private OpenDatabase Open(FolderLock? held, DateTimeOffset asOf)
    {
        FileCheck.RefuseDamaged(folder, faults);
        var writer = _connections.OpenWriter();
        try
        {
            var version = held is null ? VersionOfOwner(writer) : Migrations.Apply(writer, folder.Database, asOf);
            if (held is not null) QuickCheck.Run(writer, folder, faults);
            if (options.Shared) held?.Dispose();
            return Assemble(options.Shared ? null : held, writer, version);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private OpenDatabase Assemble(FolderLock? held, Connection writer, int version)
    {
        var (ledger, sessions, turns) = (new Ledger(), new SessionTerms(), new WriterTurns());
        ledger.Load(writer);
        sessions.LoadFrom(writer);
        var disk = new DiskGuard(folder, options.DiskReserve, time, keepsReserve: held is not null);
        var keeper = new LogKeeper(
            _connections.OpenKeeper(), options.LogSizes, turns, error => SqliteLog.CheckpointFailed(logger, error, folder.Log));
        var seen = held is null ? null : new SeenJobs();
        if (seen is not null) writer.OnJobRow(seen.Touch);
        var watch = new WriterWatch(turns, keeper, disk, sessions, logger, folder);
        return new OpenDatabase
        {
            Lock = held,
            SchemaVersion = version,
            Ledger = ledger,
            Sessions = sessions,
            Disk = disk,
            LogKeeper = keeper,
            Seen = seen,
            Readers = new Readers(_connections.OpenReader, faults, options.Readers),
            BeatReader = new ReaderOfBeats(_connections.OpenReader(), faults),
            Writer = new Writer(writer, ledger, faults, watch, seen),
        };
    }

    /// <summary>Beside an owner nothing is migrated: the owner would go on with another schema than it knows.</summary>
    private int VersionOfOwner(Connection db)
    {
        var version = Migrations.CheckVersion(db, folder.Database);
        if (version >= Migrations.Newest) return version;
        throw new StorageException(
            StorageFault.Unavailable,
            version == 0
                ? $"The process that owns {folder.Root} is still making its database. Try again in a moment."
                : $"The process that owns {folder.Root} runs an older release, with schema {version}; this one needs {Migrations.Newest}. "
                + "Use the same release.");
    }

    private StorageException? Explain(Exception exception) => exception switch
    {
        SqliteError error => faults.Translate(error),
        UnauthorizedAccessException or IOException => faults.NotWritable(exception),
        _ => null,
    };
}
