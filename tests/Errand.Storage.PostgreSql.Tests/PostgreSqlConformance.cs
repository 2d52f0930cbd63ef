using System.Data.Common;
using Errand.Conformance.Storage;
using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Stores in schemas of their own, on the server that all tests share.</summary>
public class PostgreSqlFixture : StorageFixture, IAsyncDisposable
{
    private readonly List<(IJobStorage Storage, string Schema)> _opened = [];
    private string? _schema;

    public override bool OwnsItsStore => false;

    /// <summary>The tests of a class come one after the other, and share a schema: emptying it is much faster than making one.</summary>
    public override async ValueTask<IJobStorage> OpenAsync()
    {
        _schema ??= TestServer.NewSchema();
        if (_opened.Count > 0) await TestServer.EmptyAsync(await ServerAsync(), _schema);
        return await OpenAsync(_schema);
    }

    /// <summary>The process ends: nothing of the open store is closed, and another one opens what it left.</summary>
    public override ValueTask<IJobStorage> CrashAsync(IJobStorage storage) => OpenAsync(SchemaOf(storage));

    /// <summary>The app's tables lie in the same database, in the store's schema only so that they go with it.</summary>
    public override async ValueTask<DbConnection> OpenCallerAsync(IJobStorage storage)
    {
        var connection = new NpgsqlConnection($"{await ServerAsync()};Search Path={SchemaOf(storage)}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var (storage, _) in _opened) await storage.DisposeAsync();
        var server = _opened.Count > 0 ? await ServerAsync() : "";
        foreach (var schema in _opened.Select(opened => opened.Schema).Distinct()) await TestServer.DropAsync(server, schema);
        GC.SuppressFinalize(this);
    }

    private protected virtual bool HasPooler => false;

    private protected virtual string? OutputFolder => null;

    private protected virtual Task<string> ServerAsync() => TestServer.ConnectionStringAsync();

    private protected string SchemaOf(IJobStorage storage) => _opened.Find(opened => opened.Storage == storage).Schema;

    private protected async ValueTask<IJobStorage> OpenAsync(string schema)
    {
        var storage = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = await ServerAsync(), Schema = schema, Pooler = HasPooler, OutputFolder = OutputFolder });
        _opened.Add((storage, schema));
        await storage.Schema.MigrateAsync(DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        return storage;
    }
}

/// <summary>
/// A server of its own, whose every process is ended when the store crashes: what is there afterwards is what recovery found in its log. Of a
/// server that is not ours only the client ends.
/// </summary>
public sealed class CrashingFixture : PostgreSqlFixture
{
    private Cluster? _cluster;

    public override async ValueTask<IJobStorage> CrashAsync(IJobStorage storage)
    {
        if (_cluster is not null) await _cluster.CrashAsync();
        return await OpenAsync(SchemaOf(storage));
    }

    private protected override async Task<string> ServerAsync()
    {
        if (Cluster.Programs is null) return await base.ServerAsync();
        _cluster ??= await Cluster.StartAsync();
        return _cluster.ConnectionString;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
    }
}

public sealed class Submits(PostgreSqlFixture fixture) : SubmitSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Idempotency(PostgreSqlFixture fixture) : IdempotencySuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Finds(PostgreSqlFixture fixture) : FindSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Lists(PostgreSqlFixture fixture) : ListSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Claims(PostgreSqlFixture fixture) : ClaimSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class ClaimOrder(PostgreSqlFixture fixture) : ClaimOrderSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Applies(PostgreSqlFixture fixture) : ApplySuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Settles(PostgreSqlFixture fixture) : SettleSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Deadlines(PostgreSqlFixture fixture) : DeadlineSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Sessions(PostgreSqlFixture fixture) : SessionSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Progress(PostgreSqlFixture fixture) : ProgressSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Messages(PostgreSqlFixture fixture) : MessageSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Items(PostgreSqlFixture fixture) : ItemSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Outputs(PostgreSqlFixture fixture) : OutputSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Fencing(PostgreSqlFixture fixture) : FencingSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Uploads(PostgreSqlFixture fixture) : UploadSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Retention(PostgreSqlFixture fixture) : RetentionSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Catalog(PostgreSqlFixture fixture) : CatalogSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Security(PostgreSqlFixture fixture) : SecuritySuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Identity(PostgreSqlFixture fixture) : IdentitySuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Files(PostgreSqlFixture fixture) : FilesSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Schema(PostgreSqlFixture fixture) : SchemaSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Schedules(PostgreSqlFixture fixture) : ScheduleSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Races(PostgreSqlFixture fixture) : RaceSuite(fixture), IClassFixture<PostgreSqlFixture>;

/// <summary>Each step asks the server several times: fewer walks than on a file.</summary>
public sealed class Walks(PostgreSqlFixture fixture) : ModelSuite(fixture), IClassFixture<PostgreSqlFixture>
{
    protected override int Count => base.Count / 5;
}

public sealed class Transactions(PostgreSqlFixture fixture) : TransactionalSuite(fixture), IClassFixture<PostgreSqlFixture>;

public sealed class Durability(CrashingFixture fixture) : DurabilitySuite(fixture), IClassFixture<CrashingFixture>, IClassFixture<PostgreSqlFixture>;

public sealed class Completeness : SuiteCompleteness<PostgreSqlFixture>;
