namespace Errand.Storage.PostgreSql.Tests;

/// <summary>What goes in one round trip, and what is looked at more closely.</summary>
public sealed class OneRoundTripTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly string _schema = TestServer.NewSchema();
    private PostgreSqlStorage _storage = null!;
    private Workbench _bench = null!;
    private string _server = "";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.ConnectionStringAsync();
        _storage = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema });
        await _storage.Schema.MigrateAsync(Noon, default);
        _bench = await Workbench.OpenAsync(_storage, Noon);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task New_jobs_are_stored_whole_and_nothing_is_where_one_of_them_is_there_already()
    {
        NewJob[] jobs = [_bench.Job(inputBytes: 10), Said(_bench.Job()), _bench.Job()];
        var stored = await TryStoreAsync(jobs);
        Assert.Equal(jobs.Select(job => job.Head.Id), stored!.Single().Jobs.Select(job => job.Head!.Id));

        Assert.Null(await TryStoreAsync([_bench.Job(), jobs[1]]));

        var claimed = (await _bench.ClaimAsync(10)).Jobs;
        Assert.Equal(jobs.Select(job => job.Head.Id), claimed.Select(job => job.Head.Id));
        Assert.Equal("blue", claimed[1].Details.Labels["colour"]);
        Assert.Equal([10, 0, 0], claimed.Select(job => job.Input.Json.Length));
    }

    [Fact]
    public void A_job_with_a_unique_key_is_looked_at_more_closely()
    {
        var job = _bench.Job();
        Assert.True(PlainSubmit.IsFor([Batch(job)]));
        Assert.False(PlainSubmit.IsFor([Batch(job with { Head = job.Head with { UniqueKey = "one" } })]));
        Assert.False(PlainSubmit.IsFor([Batch(job), Batch(job)]));
    }

    [Fact]
    public async Task What_is_due_is_claimed_whole_unless_its_queue_has_a_limit()
    {
        await _bench.SubmitAsync(3);
        await _storage.Catalog.SaveQueueAsync(new QueueSettings("default", MaxConcurrency: 2), default);
        Assert.Null(await TryClaimAsync(10));
        await _storage.Catalog.SaveQueueAsync(new QueueSettings("default"), default);

        Assert.Null(await TryClaimAsync(wanted: 10, ofShelf: 2));
        Assert.Equal(3, (await TryClaimAsync(10))!.Value.Outcome.Jobs.Count);
        Assert.Empty((await TryClaimAsync(10))!.Value.Outcome.Jobs);
    }

    private static JobBatch Batch(params NewJob[] jobs) => new(jobs, Atomic: false, Idempotency: null, Noon);

    private static NewJob Said(NewJob job) => job with
    {
        Details = job.Details with { CorrelationId = "abc", Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["colour"] = "blue" } },
    };

    private async Task<BatchOutcome[]?> TryStoreAsync(NewJob[] jobs)
    {
        await _storage.Database.Lanes.EnsureAsync(jobs.Select(job => job.Head));
        await using var session = await _storage.Database.OpenAsync();
        return await new PlainSubmit(_storage.Database).TryAsync(session, [Batch(jobs)]);
    }

    private async Task<(List<Picked> Picked, ClaimOutcome Outcome)?> TryClaimAsync(int wanted, int ofShelf = 50)
    {
        await using var session = await _storage.Database.OpenAsync();
        var request = new ClaimRequest(_bench.Session, [new QueueClaim("default", ["work"], wanted)], SuspectLimit: 1, Noon);
        return await new WholeClaim(request, Math.Min(wanted, ofShelf)).TryAsync(session, []);
    }
}
