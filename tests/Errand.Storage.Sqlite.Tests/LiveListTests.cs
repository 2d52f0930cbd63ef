namespace Errand.Storage.Sqlite.Tests;

/// <summary>What waits in great numbers is not in the way of a list of the few that run or are due.</summary>
public sealed class LiveListTests : IDisposable
{
    private const int Crowd = 6_000;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_few_are_on_the_first_page_however_many_are_scheduled()
    {
        await using var storage = await OpenAsync();
        var bench = await Workbench.OpenAsync(storage, Noon);
        await bench.SubmitAsync(5);
        var running = (await bench.ClaimAsync(3)).Jobs.Select(job => job.Head.Sequence).ToList();
        await bench.SubmitAsync(Crowd, dueAt: Noon.AddDays(1));

        var claimed = await FirstPageAsync(storage, JobStatus.Running, JobStatus.Canceling);
        var due = await FirstPageAsync(storage, JobStatus.Queued);
        var both = await FirstPageAsync(storage, JobStatus.Running, JobStatus.Queued);

        Assert.Equal(running.OrderDescending(), claimed);
        Assert.Equal(2, due.Count);
        Assert.Equal(claimed.Concat(due).OrderDescending(), both);
    }

    [Fact]
    public async Task A_crowd_is_listed_to_its_end_each_once()
    {
        await using var storage = await OpenAsync();
        var bench = await Workbench.OpenAsync(storage, Noon);
        await bench.SubmitAsync(Crowd, dueAt: Noon.AddDays(1));
        await bench.SubmitAsync(5);

        var listed = new List<long>();
        var query = Of(JobStatus.Scheduled) with { Limit = 200 };
        do
        {
            var page = await storage.Jobs.ListAsync(query, default);
            listed.AddRange(page.Jobs.Select(job => job.Head.Sequence));
            query = query with { After = page.Next };
        }
        while (query.After is not null);

        Assert.Equal(Crowd, listed.Count);
        Assert.Equal(listed.Distinct().OrderDescending(), listed);
    }

    private static async Task<List<long>> FirstPageAsync(SqliteStorage storage, params JobStatus[] statuses)
    {
        var page = await storage.Jobs.ListAsync(Of(statuses), default);
        Assert.Null(page.Next);
        return [.. page.Jobs.Select(job => job.Head.Sequence)];
    }

    private static JobQuery Of(params JobStatus[] statuses) => new() { Tenant = "default", Filter = JobFilter.All with { Statuses = statuses }, AsOf = Noon };

    private async Task<SqliteStorage> OpenAsync()
    {
        var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = _folder.Path });
        await storage.Schema.MigrateAsync(Noon, default);
        return storage;
    }
}
