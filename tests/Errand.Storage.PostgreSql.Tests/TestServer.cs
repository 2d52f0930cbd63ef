using Npgsql;

[assembly: AssemblyFixture(typeof(Errand.Storage.PostgreSql.Tests.TestServerEnd))]

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>
/// The server that the tests share: the one that <c>ERRAND_TEST_POSTGRES</c> names, or a cluster of this run's own. Each store lies in a schema
/// of its own. Where there is neither, tests are skipped, by name and counted.
/// </summary>
internal static class TestServer
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("ERRAND_TEST_POSTGRES") is { Length: > 0 } given ? given : null;
    private static readonly Lazy<Task<Cluster>> Own = new(StartAsync);
    private static int s_schemas;

    public static async Task<string> ConnectionStringAsync()
    {
        SkipWhereThereIsNone();
        return Given ?? (await Own.Value).ConnectionString;
    }

    /// <summary>Skips the test where no server can be started.</summary>
    public static void SkipWhereThereIsNone() => Assert.SkipWhen(
        Given is null && Cluster.Programs is null,
        "No PostgreSQL: install Debian's package postgresql (eng/restore.sh does so as root), or set ERRAND_TEST_POSTGRES to a connection string.");

    /// <summary>Skips a test that must start and break servers of its own.</summary>
    public static void SkipWithoutPrograms() => Assert.SkipWhen(
        Cluster.Programs is null, "No PostgreSQL programs: this test starts servers of its own. Install Debian's package postgresql.");

    public static string NewSchema() => $"t{Environment.ProcessId}_{Interlocked.Increment(ref s_schemas)}";

    public static Task EmptyAsync(string connectionString, string schema) => RunAsync(
        connectionString,
        $"""
         DO $$ DECLARE name text; BEGIN
             FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'
                 AND tablename NOT IN ('schema_migrations', 'stamps', 'ring', 'suspects', 'ranges', 'range_keeper') AND tablename NOT LIKE 'waiting_%'
             LOOP EXECUTE format('DELETE FROM "{schema}".%I', name); END LOOP;
         END $$
         """);

    public static Task DropAsync(string connectionString, string schema) =>
        RunAsync(connectionString, $"DROP SCHEMA IF EXISTS \"{schema}\" CASCADE");

    public static async Task RunAsync(string connectionString, string text)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Ends the cluster of this run's own, if there is one.</summary>
    public static async ValueTask StopAsync()
    {
        if (Own.IsValueCreated) await (await Own.Value).DisposeAsync();
    }

    private static async Task<Cluster> StartAsync()
    {
        var cluster = await Cluster.StartAsync();

        // For a run that is broken off: one that ends well has stopped it by then.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return cluster;
    }
}

/// <summary>
/// Ends the cluster when all tests have run, while the runner still waits for it. A process that is on its way out has ten seconds: with a busy machine that is too few to stop a server.
/// </summary>
public sealed class TestServerEnd : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => TestServer.StopAsync();
}
