using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Several nodes on one database.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    private const int Nodes = 4;
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly string _schema = TestServer.NewSchema();
    private readonly List<PostgreSqlStorage> _nodes = [];
    private string _server = "";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.ConnectionStringAsync();
        for (var i = 0; i < Nodes; i++) _nodes.Add(new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema }));
        await Task.WhenAll(_nodes.Select(async node => await node.Schema.MigrateAsync(Noon, default)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task Nodes_that_start_at_once_make_one_schema()
    {
        var health = await Task.WhenAll(_nodes.Select(async node => await node.Schema.CheckAsync(default)));

        Assert.All(health, one => Assert.Equal((StorageStatus.Healthy, Migrations.Own.Newest), (one.Status, one.SchemaVersion)));
    }

    [Fact]
    public async Task A_schema_that_needs_a_newer_release_is_refused()
    {
        await TestServer.RunAsync(_server, $"INSERT INTO {_schema}.schema_migrations VALUES (900, 900, 0)");
        await using var late = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema });

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await late.Schema.MigrateAsync(Noon, default));

        Assert.Equal(StorageFault.TooNew, refused.Fault);
        Assert.Contains("Run the newer release", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_are_shared_and_never_run_twice()
    {
        var benches = await Task.WhenAll(_nodes.Select(node => Workbench.OpenAsync(node, Noon)));
        var submitted = await Task.WhenAll(benches.Select(bench => Task.Run(() => bench.SubmitAsync(200))));

        var claimed = await Task.WhenAll(benches.Select(bench => Task.Run(async () =>
        {
            var mine = new List<long>();
            while (await bench.ClaimAsync(13) is { Jobs.Count: > 0 } claim)
            {
                mine.AddRange(claim.Jobs.Select(job => job.Head.Sequence));
                Assert.All(await bench.SettleAsync(claim), outcome => Assert.Equal(ChangeOutcome.Applied, outcome));
            }

            return mine;
        })));

        Assert.Equal(submitted.Sum(), claimed.SelectMany(mine => mine).Distinct().Count());
        Assert.Equal(submitted.Sum(), claimed.Sum(mine => mine.Count));
    }

    [Fact]
    public async Task A_suspect_runs_alone_on_all_nodes_together()
    {
        var benches = await Task.WhenAll(_nodes.Select(node => Workbench.OpenAsync(node, Noon)));
        var jobs = Enumerable.Range(0, 6).Select(_ => benches[0].Job()).Select(job => job with { Head = job.Head with { Losses = 1 } }).ToList();
        await _nodes[0].Jobs.SubmitAsync(new JobBatch(jobs, false, null, Noon), default);

        var claims = await Task.WhenAll(benches.Select(bench => Task.Run(async () => await bench.ClaimAsync(5))));
        var running = claims.Single(claim => claim.Jobs.Count > 0);
        await benches[1].SettleAsync(running);

        Assert.Single(running.Jobs);
        Assert.Single((await benches[2].ClaimAsync(5)).Jobs);
    }

    [Fact]
    public async Task A_rate_holds_on_all_nodes_together()
    {
        var benches = await Task.WhenAll(_nodes.Select(node => Workbench.OpenAsync(node, Noon)));
        await benches[0].SubmitAsync(50);
        await _nodes[0].Catalog.SaveQueueAsync(new QueueSettings("default", Rate: 30), default);

        var claims = await Task.WhenAll(benches.Select(bench => Task.Run(async () => await bench.ClaimAsync(10))));

        Assert.Equal(3, claims.Sum(claim => claim.Jobs.Count));
    }

    [Fact]
    public async Task What_a_node_wrote_another_one_serves()
    {
        await using var staged = await _nodes[0].Files.StageAsync("default", Noon, default);
        await staged.Content.WriteAsync(new byte[700_000]);
        var location = await staged.PublishAsync(default);

        await using var read = await _nodes[1].Files.OpenAsync(location, default);

        Assert.Equal(700_000, read!.Length);
        read.Seek(-5, SeekOrigin.End);
        Assert.Equal(5, await read.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task Counts_survive_being_added_up()
    {
        var benches = await Task.WhenAll(_nodes.Select(node => Workbench.OpenAsync(node, Noon)));
        for (var i = 0; i < 120; i++)
        {
            await benches[i % Nodes].SubmitAsync(1);
            if (i % 2 == 0) await benches[i % Nodes].SettleAsync(await benches[i % Nodes].ClaimAsync(1));
        }

        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(_ => TestServer.RunAsync(_server, new SchemaName(_schema).Place(Sql.Of("ledger", "add_up").Text))));

        var counts = (await _nodes[0].Catalog.CountAsync(null, default)).OrderBy(count => count.State).Select(count => (count.State, count.Jobs));
        Assert.Equal([(JobState.Queued, 60L), (JobState.Succeeded, 60L)], counts);
    }

    [Fact]
    public async Task Every_statement_fits_the_schema()
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        foreach (var file in SqlFiles().Where(file => file is not ("fragments" or "transaction" or "import" or "empty" or "parts")))
        {
            foreach (var name in Sql.NamesIn(file))
            {
                var text = new SchemaName(_schema).Place(Sql.Of(file, name).Text);
                if (text.Contains("SAVEPOINT", StringComparison.Ordinal)) continue;
                await using var prepare = new NpgsqlCommand($"PREPARE one AS {text}", connection);
                var failure = await Record.ExceptionAsync(() => prepare.ExecuteNonQueryAsync());
                Assert.True(failure is null, $"{file}.sql, {name}: {failure?.Message}");
                await using var forget = new NpgsqlCommand("DEALLOCATE one", connection);
                await forget.ExecuteNonQueryAsync();
            }
        }
    }

    private static IEnumerable<string> SqlFiles()
    {
        const string Prefix = "Errand.Storage.PostgreSql.Sql.";
        return typeof(Sql).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^4]);
    }
}
