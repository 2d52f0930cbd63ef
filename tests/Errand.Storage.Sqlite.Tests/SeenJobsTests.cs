namespace Errand.Storage.Sqlite.Tests;

/// <summary>What was read is told again until a row of the job changes. That changes do show is an exam of every store.</summary>
public sealed class SeenJobsTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_that_did_not_change_is_not_read_again()
    {
        await using var storage = await OpenAsync();
        var bench = await Workbench.OpenAsync(storage, Noon);
        await bench.SubmitAsync(2);
        var claimed = await bench.ClaimAsync(2);
        var (one, other) = (claimed.Jobs[0].Head, claimed.Jobs[1].Head);
        var first = await FindAsync(storage, one.Key);
        Assert.Same(first, await FindAsync(storage, one.Key));

        await storage.Contents.SaveProgressAsync([new ProgressReport(other.Ticket, new JobProgress { Percent = 1, UpdatedAt = Noon })], default);
        Assert.Same(first, await FindAsync(storage, one.Key));
        await storage.Contents.SaveProgressAsync([new ProgressReport(one.Ticket, new JobProgress { Percent = 1, UpdatedAt = Noon })], default);
        Assert.NotSame(first, await FindAsync(storage, one.Key));
    }

    [Fact]
    public async Task Parts_are_told_apart()
    {
        await using var storage = await OpenAsync();
        var job = new Workbench(storage, SessionId.New(), Noon).Job(inputBytes: 10);
        await storage.Jobs.SubmitAsync(new JobBatch([job], Atomic: false, Idempotency: null, Noon), default);
        await FindAsync(storage, job.Head.Key);

        Assert.NotNull((await FindAsync(storage, job.Head.Key, JobParts.Input))!.Input);
        Assert.Null((await FindAsync(storage, job.Head.Key))!.Input);
        Assert.Null(await FindAsync(storage, job.Head.Key with { Tenant = "other" }));
    }

    [Fact]
    public async Task Beside_an_owner_every_read_looks()
    {
        await using var owner = await OpenAsync();
        var bench = await Workbench.OpenAsync(owner, Noon);
        await bench.SubmitAsync(1);
        var head = (await bench.ClaimAsync(1)).Jobs[0].Head;
        await using var beside = new SqliteStorage(new SqliteStorageOptions { DataFolder = _folder.Path, Shared = true });
        await beside.Schema.MigrateAsync(Noon, default);
        await FindAsync(beside, head.Key);
        await owner.Contents.SaveProgressAsync([new ProgressReport(head.Ticket, new JobProgress { Percent = 7, UpdatedAt = Noon })], default);

        Assert.Equal(7d, (await FindAsync(beside, head.Key))!.Progress!.Percent);
    }

    private async Task<SqliteStorage> OpenAsync()
    {
        var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = _folder.Path });
        await storage.Schema.MigrateAsync(Noon, default);
        return storage;
    }

    private static async Task<Job?> FindAsync(SqliteStorage storage, JobKey key, JobParts parts = JobParts.Status) => (await storage.Jobs.FindAsync(key, parts, default)).Job;
}
