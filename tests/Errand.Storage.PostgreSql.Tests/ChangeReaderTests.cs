namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Who follows all jobs is told of each that changed, also of what commits late, and of nothing twice.</summary>
public sealed class ChangeReaderTests : IAsyncLifetime
{
    private readonly string _schema = TestServer.NewSchema();
    private PostgreSqlStorage _storage = null!;
    private IChangeReader _reader = null!;
    private Workbench _bench = null!;
    private string _server = "";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.ConnectionStringAsync();
        _storage = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema });
        await _storage.Schema.MigrateAsync(Now, Stop);
        _bench = await Workbench.OpenAsync(_storage, Now);
        await _bench.SubmitAsync(2);
        _reader = _storage.Changes!.Follow("default", Now.AddMinutes(1));
        Assert.Empty(await _reader.ReadAsync(Stop));
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task What_commits_late_is_told_when_it_does()
    {
        await using var slow = await SlowInserter.BeginAsync(_server, _schema);
        await _bench.SubmitAsync(3);

        Assert.Equal(3, (await _reader.ReadAsync(Stop)).Count);
        Assert.Empty(await _reader.ReadAsync(Stop));
        await slow.CommitAsync();

        Assert.Equal(slow.Sequence, Assert.Single(await _reader.ReadAsync(Stop)).Sequence);
        Assert.Empty(await _reader.ReadAsync(Stop));
    }

    [Fact]
    public async Task Each_step_of_a_job_is_told_and_what_comes_between_two_looks_is_one()
    {
        var running = await ClaimAsync();
        Assert.Equal(running, Assert.Single(await _reader.ReadAsync(Stop)));

        var waiting = await PutBackAsync(running);
        Assert.Equal((JobState.Queued, waiting.Version), Of(Assert.Single(await _reader.ReadAsync(Stop))));

        waiting = await PutBackAsync(await ClaimAsync());
        Assert.Equal((JobState.Queued, waiting.Version), Of(Assert.Single(await _reader.ReadAsync(Stop))));

        var claimed = await _bench.ClaimAsync(2);
        await _bench.SettleAsync(claimed);
        var ended = await _reader.ReadAsync(Stop);
        Assert.Equal(claimed.Jobs.Select(job => job.Head.Sequence).Order(), ended.Select(head => head.Sequence));
        Assert.All(ended, head => Assert.Equal(JobState.Succeeded, head.State));
        Assert.Empty(await _reader.ReadAsync(Stop));
    }

    [Fact]
    public async Task Nothing_is_told_of_another_tenant()
    {
        var mine = _bench.Job();
        var other = mine with { Head = mine.Head with { Tenant = "other" } };
        await _storage.Jobs.SubmitAsync(new JobBatch([other], Atomic: false, Idempotency: null, Now), Stop);

        Assert.Empty(await _reader.ReadAsync(Stop));
        Assert.Single(await _storage.Changes!.Follow("other", Now.AddMinutes(-1)).ReadAsync(Stop));
    }

    private static (JobState State, long Version) Of(JobHead head) => (head.State, head.Version);

    private async Task<JobHead> ClaimAsync() => (await _bench.ClaimAsync(1)).Jobs.Single().Head;

    private async Task<JobHead> PutBackAsync(JobHead running)
    {
        var waiting = running with { State = JobState.Queued, Session = null, Version = running.Version + 1, UpdatedAt = Now };
        Assert.Equal([ChangeOutcome.Applied], await _storage.Jobs.ApplyAsync([new JobChange(running, waiting)], Stop));
        return waiting;
    }
}
