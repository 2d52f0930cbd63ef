namespace Errand.Storage.PostgreSql.Tests;

/// <summary>A sequence is no order of commits: what commits late must be found by whoever went past it.</summary>
public sealed class LateCommitTests : IAsyncLifetime
{
    private const int Inserters = 16;
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly string _schema = TestServer.NewSchema();
    private PostgreSqlStorage _storage = null!;
    private string _server = "";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.ConnectionStringAsync();
        _storage = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema });
        await _storage.Schema.MigrateAsync(Noon, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task A_list_upward_does_not_pass_one_slow_of_sixteen_inserters()
    {
        var bench = await Workbench.OpenAsync(_storage, Noon);
        await bench.SubmitAsync(3);
        await using var slow = await SlowInserter.BeginAsync(_server, _schema);
        for (var i = 1; i < Inserters; i++) await bench.SubmitAsync(1);

        var (first, place) = await WalkAsync(null);
        await slow.CommitAsync();
        var (rest, _) = await WalkAsync(place);

        Assert.DoesNotContain(slow.Sequence, first);
        Assert.Contains(slow.Sequence, rest);
        Assert.Equal(3 + Inserters, first.Concat(rest).Distinct().Count());
        Assert.Equal(first.Concat(rest).Order(), first.Concat(rest));
    }

    [Fact]
    public async Task A_claim_finds_what_one_slow_of_sixteen_inserters_commits_late()
    {
        var bench = await Workbench.OpenAsync(_storage, Noon);
        await bench.SubmitAsync(1);
        await using var slow = await SlowInserter.BeginAsync(_server, _schema);
        for (var i = 1; i < Inserters; i++) await bench.SubmitAsync(1);

        Assert.Equal(Inserters, (await bench.ClaimAsync(100)).Jobs.Count);
        await slow.CommitAsync();

        Assert.Equal(slow.Sequence, (await bench.ClaimAsync(100)).Jobs.Single().Head.Sequence);
    }

    private async Task<(List<long> Sequences, JobCursor? Place)> WalkAsync(JobCursor? after)
    {
        var page = await _storage.Jobs.ListAsync(
            new JobQuery { Tenant = "default", Order = JobOrder.CreatedAscending, After = after, Limit = 100, AsOf = Noon }, default);
        var sequences = page.Jobs.Select(job => job.Head.Sequence).ToList();
        return (sequences, sequences.Count > 0 ? new JobCursor(null, sequences[^1]) : after);
    }
}
