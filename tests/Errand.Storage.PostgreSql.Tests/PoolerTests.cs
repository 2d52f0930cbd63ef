using Errand.Conformance.Storage;
using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>A server behind PgBouncer in transaction mode.</summary>
public sealed class PoolerFixture : PostgreSqlFixture
{
    private PgBouncer? _pooler;

    private protected override bool HasPooler => true;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_pooler is not null) await _pooler.DisposeAsync();
    }

    private protected override async Task<string> ServerAsync()
    {
        PgBouncer.SkipWhereThereIsNone();
        return (_pooler ??= await PgBouncer.StartAsync(await base.ServerAsync())).ConnectionString;
    }
}

public sealed class SubmitsByPooler(PoolerFixture fixture) : SubmitSuite(fixture), IClassFixture<PoolerFixture>;

public sealed class ClaimsByPooler(PoolerFixture fixture) : ClaimSuite(fixture), IClassFixture<PoolerFixture>;

public sealed class SettlesByPooler(PoolerFixture fixture) : SettleSuite(fixture), IClassFixture<PoolerFixture>;

public sealed class SessionsByPooler(PoolerFixture fixture) : SessionSuite(fixture), IClassFixture<PoolerFixture>;

public sealed class RacesByPooler(PoolerFixture fixture) : RaceSuite(fixture), IClassFixture<PoolerFixture>;

public sealed class PoolerTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Nothing_is_left_in_a_session_that_another_caller_gets()
    {
        var server = await TestServer.ConnectionStringAsync();
        PgBouncer.SkipWhereThereIsNone();
        await using var pooler = await PgBouncer.StartAsync(server);
        var schema = TestServer.NewSchema();
        await using (var store = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = pooler.ConnectionString, Schema = schema, Pooler = true }))
        {
            await store.Schema.MigrateAsync(Noon, default);
            var bench = await Workbench.OpenAsync(store, Noon);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => bench.SubmitAsync(50))));
            while (await bench.ClaimAsync(20) is { Jobs.Count: > 0 } claim) await bench.SettleAsync(claim);

            // All of the pooler's sessions on the server, one after the other.
            await using var connection = new NpgsqlConnection(pooler.ConnectionString + ";Pooling=false;No Reset On Close=true");
            await connection.OpenAsync();
            for (var i = 0; i < 10; i++)
            {
                await using var ask = new NpgsqlCommand(
                    """
                    SELECT current_setting('synchronous_commit') || current_setting('enable_seqscan') || current_setting('lock_timeout')
                        || (SELECT count(*) FROM pg_prepared_statements) || (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
                        || (SELECT count(*) FROM pg_listening_channels())
                    """,
                    connection);
                Assert.Equal("onon0000", await ask.ExecuteScalarAsync());
            }
        }

        await TestServer.DropAsync(server, schema);
    }
}
