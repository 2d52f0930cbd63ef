using System.Globalization;
using Errand.Storage.Folders;

namespace Errand.Storage.Sqlite;

/// <summary>
/// A copy of a store in a folder of its own, made while its server runs: the database as of one instant, and every file that it names. Serve
/// it with <c>--data</c>.
/// </summary>
public static class SqliteBackup
{
    private static readonly Sql ListFiles = Sql.Of("backup", "files");
    private static readonly Sql Count = Sql.Of("backup", "counts");

    /// <summary>Writes the copy. It has its name only when it is complete and on disk; until then it is called <c>….partial</c>.</summary>
    /// <param name="options">The store; only its folder and the name of its database count.</param>
    /// <param name="to">The folder of the copy; it must be empty or not there, and outside the store's own.</param>
    /// <param name="cancellationToken">Gives up; the partial copy stays, and the next one replaces it.</param>
    /// <exception cref="StorageException">There is no store, or the copy cannot be written there.</exception>
    public static Task<SqliteBackupReport> WriteAsync(SqliteStorageOptions options, string to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(to);
        var source = new DataFolder(options.DataFolder, options.DatabaseFile);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(to));
        RefuseUnsuitable(source, target);
        return Task.Run(() => Write(source, target, options.DatabaseFile, cancellationToken), cancellationToken);
    }

    private static SqliteBackupReport Write(DataFolder source, string target, string name, CancellationToken stop)
    {
        var faults = new StorageFaults(source.Database);
        try
        {
            var copy = new DataFolder(target + ".partial", name);
            if (Directory.Exists(copy.Root)) Directory.Delete(copy.Root, recursive: true);
            DurableFolder.Create(copy.Root);
            using var store = new Connections(source).OpenReader();
            RefuseForeign(store, source);

            // Files first: what is removed from the store while the database is copied is then in the copy all the same. Again
            // afterwards, for what came meanwhile.
            var files = new BackupFiles(source.Files, copy.Files);
            files.Copy(FilesOf(store), stop);
            store.Execute(string.Create(CultureInfo.InvariantCulture, $"VACUUM INTO '{copy.Database.Replace("'", "''", StringComparison.Ordinal)}'"));
            using var kept = Connection.Open(copy.Database, readOnly: true, "PRAGMA temp_store = MEMORY;");
            if (kept.ReadText("PRAGMA quick_check(1)") is var said && said != "ok") throw faults.Corrupt(said);
            var named = FilesOf(kept);
            files.Copy(named, stop);
            files.Keep(named);
            var (jobs, tokens) = kept.First(Count, _ => { }, row => (row.Int64(), row.Int64()));
            Flush(copy);
            if (Directory.Exists(target)) Directory.Delete(target);
            Directory.Move(copy.Root, target);
            DurableFolder.Flush(Path.GetDirectoryName(target)!);
            return new SqliteBackupReport(
                target, new FileInfo(Path.Combine(target, name)).Length, jobs, tokens, named.Count - files.Missing.Count, files.Bytes, files.Missing);
        }
        catch (SqliteError error)
        {
            throw faults.Translate(error);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageFault.NotWritable, $"The backup cannot be written to {target}: {exception.Message}", exception);
        }
    }

    private static List<BackedUpFile> FilesOf(Connection db) => db.List(ListFiles, _ => { }, row => new BackedUpFile(row.Text(), row.Int64(), row.Text()));

    private static void RefuseUnsuitable(DataFolder source, string target)
    {
        if (!File.Exists(source.Database)) throw new StorageException(StorageFault.NotWritable, $"There is no store in {source.Root}: name its folder with --data.");
        if (target == source.Root || target.StartsWith(source.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new StorageException(StorageFault.NotWritable, $"{target} lies in the store's own folder: name another one, best on another disk.");
        }

        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new StorageException(StorageFault.NotWritable, $"{target} is there and not empty: name a new folder for each backup.");
        }
    }

    private static void RefuseForeign(Connection store, DataFolder source)
    {
        if (store.ReadNumber("PRAGMA application_id") != Migrations.ApplicationId)
        {
            throw new StorageException(StorageFault.Corrupt, $"The database {source.Database} belongs to another program: name a data folder of Errand with --data.");
        }

        Migrations.CheckVersion(store, source.Database);
    }

    private static void Flush(DataFolder copy)
    {
        using (var database = File.Open(copy.Database, FileMode.Open, FileAccess.ReadWrite)) database.Flush(flushToDisk: true);
        DurableFolder.Flush(copy.Root);
    }
}

/// <summary>What a backup holds.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="DatabaseBytes">The size of its database.</param>
/// <param name="Jobs">Its jobs.</param>
/// <param name="Tokens">Its access tokens.</param>
/// <param name="Files">Its files of outputs and uploads, each of the size and the digest that the database says.</param>
/// <param name="FileBytes">Their size.</param>
/// <param name="Missing">Files that the database names and the store does not have, or not as they were published.</param>
public sealed record SqliteBackupReport(
    string Folder, long DatabaseBytes, long Jobs, long Tokens, int Files, long FileBytes, IReadOnlyList<string> Missing);
