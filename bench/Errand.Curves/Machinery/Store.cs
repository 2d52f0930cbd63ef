using System.Text.Json.Nodes;
using Errand.AspNetCore;
using Errand.Storage;
using Errand.Storage.PostgreSql;
using Errand.Storage.Sqlite;
using Npgsql;

namespace Errand.Curves.Machinery;

/// <summary>A fresh store for one measurement: a folder of its own, or a schema of its own in the database that <c>POSTGRES</c> names.</summary>
internal sealed class Store : IAsyncDisposable
{
    /// <summary>The database that eng/bench.sh made, or was given.</summary>
    public const string Variable = "POSTGRES";

    private Store(string name, string? connection)
    {
        (Name, Connection) = (name, connection);
        Folder = Directory.CreateTempSubdirectory("errand-bench-").FullName;
        Schema = $"bench_{Guid.NewGuid():N}"[..14];
    }

    public string Name { get; }

    public string Folder { get; }

    public string? Connection { get; }

    public string Schema { get; }

    /// <summary>The stores that can be measured here.</summary>
    public static IReadOnlyList<Func<Store>> All =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } connection
            ? [() => new Store("SQLite", null), () => new Store("PostgreSQL", connection)]
            : [() => new Store("SQLite", null)];

    public static Func<Store> PostgreSql =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } connection
            ? () => new Store("PostgreSQL", connection)
            : throw new InvalidOperationException($"{Variable} names no database: run this part by eng/bench.sh.");

    /// <summary>Opens it in this process; not beside a server on SQLite, which is alone in its folder.</summary>
    public IJobStorage Open() => Connection is null
        ? new SqliteStorage(new SqliteStorageOptions { DataFolder = Folder }, TimeProvider.System)
        : new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = Connection, Schema = Schema });

    /// <summary>The section of <c>errand.json</c>.</summary>
    public JsonObject? Section => Connection is null
        ? null
        : new JsonObject { ["provider"] = "postgresql", ["connection"] = Connection, ["schema"] = Schema };

    /// <summary>Makes the tables, and tokens that may do everything.</summary>
    public async Task<IReadOnlyList<string>> PrepareAsync(int tokens)
    {
        var storage = Open();
        await using var closing = (IAsyncDisposable)storage;
        await storage.Schema.MigrateAsync(TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var access = new AccessTokens(storage, TimeProvider.System);
        var texts = new List<string>();
        for (var n = 0; n < tokens; n++) texts.Add((await access.CreateAsync(new NewToken($"bench-{n}") { Scopes = ErrandScopes.All })).Text);
        return texts;
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        if (Connection is null) return;
        await using var connection = new NpgsqlConnection(Connection + ";Pooling=false;Command Timeout=600");
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP SCHEMA IF EXISTS {Schema} CASCADE", connection);
        await drop.ExecuteNonQueryAsync();
    }
}
