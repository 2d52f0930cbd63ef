using System.Data.Common;
using Errand.Conformance.Storage;
using Microsoft.Data.Sqlite;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>
/// Stores in folders of their own. A crash is a copy of the files under the open store: nothing was flushed, closed or copied into place.
/// </summary>
public sealed class SqliteFixture : StorageFixture, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<(IJobStorage Storage, string Folder)> _opened = [];

    public override ValueTask<IJobStorage> OpenAsync() => OpenAsync(_folder.New());

    public override ValueTask<IJobStorage> CrashAsync(IJobStorage storage)
    {
        var copy = _folder.New();
        CopyFiles(_opened.Find(opened => opened.Storage == storage).Folder, copy);
        return OpenAsync(copy);
    }

    /// <summary>The app's database is a file of its own, and stays where it is when the store crashes.</summary>
    public override async ValueTask<DbConnection> OpenCallerAsync(IJobStorage storage)
    {
        var connection = new SqliteConnection($"Data Source={_folder.New()}-app.db;Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (storage, _) in _opened) await storage.DisposeAsync();
        _folder.Dispose();
    }

    private async ValueTask<IJobStorage> OpenAsync(string folder)
    {
        var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = folder });
        _opened.Add((storage, folder));
        await storage.Schema.MigrateAsync(DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        return storage;
    }

    private static void CopyFiles(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(IsData))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>The lock ends with the process, and the index of the log is made anew from it.</summary>
    private static bool IsData(string file) =>
        !file.Contains("errand.lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal);
}

public sealed class Submits(SqliteFixture fixture) : SubmitSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Idempotency(SqliteFixture fixture) : IdempotencySuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Finds(SqliteFixture fixture) : FindSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Lists(SqliteFixture fixture) : ListSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Claims(SqliteFixture fixture) : ClaimSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class ClaimOrder(SqliteFixture fixture) : ClaimOrderSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Applies(SqliteFixture fixture) : ApplySuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Settles(SqliteFixture fixture) : SettleSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Deadlines(SqliteFixture fixture) : DeadlineSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Sessions(SqliteFixture fixture) : SessionSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Progress(SqliteFixture fixture) : ProgressSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Messages(SqliteFixture fixture) : MessageSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Items(SqliteFixture fixture) : ItemSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Outputs(SqliteFixture fixture) : OutputSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Fencing(SqliteFixture fixture) : FencingSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Uploads(SqliteFixture fixture) : UploadSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Retention(SqliteFixture fixture) : RetentionSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Catalog(SqliteFixture fixture) : CatalogSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Schedules(SqliteFixture fixture) : ScheduleSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Security(SqliteFixture fixture) : SecuritySuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Identity(SqliteFixture fixture) : IdentitySuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Files(SqliteFixture fixture) : FilesSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Schema(SqliteFixture fixture) : SchemaSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Races(SqliteFixture fixture) : RaceSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Walks(SqliteFixture fixture) : ModelSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Transactions(SqliteFixture fixture) : TransactionalSuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Durability(SqliteFixture fixture) : DurabilitySuite(fixture), IClassFixture<SqliteFixture>;

public sealed class Completeness : SuiteCompleteness<SqliteFixture>;
