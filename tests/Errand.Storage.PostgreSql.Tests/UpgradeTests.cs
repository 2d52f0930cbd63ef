namespace Errand.Storage.PostgreSql.Tests;

/// <summary>
/// Nodes of two releases on one schema. Until there are two published releases, a release is the list of steps that it knows: this one's, and
/// longer ones whose last steps are made up here. The code around the lists is the same.
/// </summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly Migrations Previous = Migrations.Own;
    private static readonly int Known = Previous.Newest;

    /// <summary>A step that the previous release can live with: what it does not know has a default.</summary>
    private static readonly Migrations Next = After(
        Previous,
        $"""
         -- minReader: {Known}
         ALTER TABLE errand.queues ADD COLUMN colour text NOT NULL DEFAULT 'blue';
         ALTER TABLE errand.jobs ADD COLUMN origin text;
         CREATE TABLE errand.palette (name text PRIMARY KEY);
         """);

    /// <summary>One that it cannot.</summary>
    private static readonly Migrations OneAfter = After(Next, $"-- minReader: {Known + 1}\nALTER TABLE errand.queues ALTER COLUMN colour DROP DEFAULT;");

    private readonly string _schema = TestServer.NewSchema();
    private readonly List<PostgreSqlStorage> _nodes = [];
    private string _server = "";

    public async ValueTask InitializeAsync() => _server = await TestServer.ConnectionStringAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task The_previous_release_goes_on_and_restarts_on_the_next_schema()
    {
        var old = await StartAsync(Previous);
        var bench = await Workbench.OpenAsync(old, Noon);
        await bench.SubmitAsync(3);
        var claimed = await bench.ClaimAsync(1);

        var next = await StartAsync(Next);
        Assert.Equal(Known + 1, (await next.Schema.CheckAsync(default)).SchemaVersion);
        Assert.All(await bench.SettleAsync(claimed), outcome => Assert.Equal(ChangeOutcome.Applied, outcome));
        await WorkAsync(bench);

        var restarted = await StartAsync(Previous);
        Assert.Equal((StorageStatus.Healthy, Known + 1), ((await restarted.Schema.CheckAsync(default)).Status, (await restarted.Schema.CheckAsync(default)).SchemaVersion));
        await restarted.Catalog.SaveQueueAsync(new QueueSettings("default", Rate: 1_000), default);
        await WorkAsync(await Workbench.OpenAsync(restarted, Noon));
        await WorkAsync(await Workbench.OpenAsync(next, Noon));
    }

    [Fact]
    public async Task A_release_that_is_too_old_refuses_and_changes_nothing()
    {
        await StartAsync(OneAfter);

        var refused = await Assert.ThrowsAsync<StorageException>(() => StartAsync(Previous));
        await StartAsync(Next);

        Assert.Equal(StorageFault.TooNew, refused.Fault);
        Assert.Contains($"has version {Known + 2}, which needs a release that knows version {Known + 1}; this one knows {Known}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_of_both_releases_that_start_at_once_come_up()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => StartAsync(i % 2 == 0 ? Previous : Next)));

        Assert.All(await Task.WhenAll(nodes.Select(async node => await node.Schema.CheckAsync(default))), one => Assert.Equal(StorageStatus.Healthy, one.Status));
    }

    private static Migrations After(Migrations before, string step) => new([.. before.All, Migrations.Migration.Of(before.Newest + 1, step)]);

    private async Task<PostgreSqlStorage> StartAsync(Migrations known)
    {
        var node = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema, Migrations = known });
        lock (_nodes) _nodes.Add(node);
        await node.Schema.MigrateAsync(Noon, default);
        return node;
    }

    private static async Task WorkAsync(Workbench bench)
    {
        await bench.SubmitAsync(2);
        var claimed = await bench.ClaimAsync(10);
        Assert.True(claimed.Jobs.Count >= 2);
        Assert.All(await bench.SettleAsync(claimed), outcome => Assert.Equal(ChangeOutcome.Applied, outcome));
    }
}
