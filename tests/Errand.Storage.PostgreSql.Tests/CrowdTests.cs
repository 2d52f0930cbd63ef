namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Reads by id are gathered, and a crowd that asks for the same job shares one look at it: each is told what it asked for.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private const int Crowd = 200;
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
    public async Task Each_of_a_crowd_is_told_the_job_and_the_parts_it_asked_for()
    {
        var bench = await Workbench.OpenAsync(_storage, Noon);
        NewJob[] jobs = [bench.Job(inputBytes: 10), bench.Job(inputBytes: 20)];
        await _storage.Jobs.SubmitAsync(new JobBatch(jobs, Atomic: false, Idempotency: null, Noon), default);
        var nobodys = new JobKey("default", JobId.New(Noon));
        (JobKey Key, JobParts Parts)[] asked =
        [
            (jobs[0].Head.Key, JobParts.Status), (jobs[0].Head.Key, JobParts.Input), (jobs[1].Head.Key, JobParts.Input | JobParts.Attempts), (nobodys, JobParts.Status),
            (jobs[1].Head.Key with { Tenant = "other" }, JobParts.Status),
        ];

        var found = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(n => _storage.Jobs.FindAsync(asked[n % asked.Length].Key, asked[n % asked.Length].Parts, default).AsTask()));

        foreach (var (n, lookup) in found.Index())
        {
            var (key, parts) = asked[n % asked.Length];
            var job = Array.Find(jobs, one => one.Head.Key == key);
            Assert.Equal(job?.Head.Id, lookup.Job?.Head.Id);
            if (job is null) continue;
            Assert.Equal(parts.HasFlag(JobParts.Input) ? job.Input.Size : null, lookup.Job!.Input?.Size);
            Assert.Equal(parts.HasFlag(JobParts.Attempts), lookup.Job.Attempts is not null);
        }
    }

    [Fact]
    public async Task Whoever_asks_after_a_change_is_told_the_change_however_many_ask()
    {
        var bench = await Workbench.OpenAsync(_storage, Noon);
        var job = bench.Job();
        await _storage.Jobs.SubmitAsync(new JobBatch([job], Atomic: false, Idempotency: null, Noon), default);
        var before = Enumerable.Range(0, Crowd).Select(_ => _storage.Jobs.FindAsync(job.Head.Key, JobParts.Status, default).AsTask()).ToList();

        await bench.SettleAsync(await bench.ClaimAsync(1));
        var after = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => _storage.Jobs.FindAsync(job.Head.Key, JobParts.Status, default).AsTask()));

        Assert.All(after, lookup => Assert.Equal(JobState.Succeeded, lookup.Job!.Head.State));
        Assert.All(await Task.WhenAll(before), lookup => Assert.NotNull(lookup.Job));
    }
}
