namespace Errand.Storage.Sqlite.Tests;

/// <summary>Removing a job with many rows, in slices.</summary>
public sealed class RetentionTests : IDisposable
{
    private const int Items = 12_000;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_left_of_a_purged_job_with_many_items_and_lines()
    {
        await using var storage = await OpenAsync();
        var job = await FinishWithItemsAsync(storage);

        var purged = await storage.Retention.PurgeAsync(job.Key, tombstone: true, Noon, default);

        Assert.Equal(1, purged.Jobs);
        Assert.NotNull((await storage.Jobs.FindAsync(job.Key, JobParts.Status, default)).Tombstone);
        using var db = Connection.Open(Path.Combine(_folder.Path, "errand.db"), readOnly: true, "");
        foreach (var table in Tables(db).Where(table => table.StartsWith("job", StringComparison.Ordinal)).Append("leftovers"))
        {
            Assert.True(db.ReadNumber($"SELECT count(*) FROM {table}") == 0, $"{table} still holds rows of the job");
        }
    }

    [Fact]
    public async Task What_a_crash_left_of_a_purge_is_removed_by_the_next_one()
    {
        JobHead job;
        await using (var storage = await OpenAsync()) job = await FinishWithItemsAsync(storage);
        using (var db = Connection.Open(Path.Combine(_folder.Path, "errand.db"), readOnly: false, ""))
        {
            db.Execute($"DELETE FROM jobs; DELETE FROM job_item_counts; INSERT INTO leftovers VALUES ({job.Sequence})");
        }

        await using var again = await OpenAsync();
        await again.Retention.PurgeExpiredAsync(Noon, limit: 10, default);

        Assert.Empty(await again.Contents.ListItemsAsync(job.Sequence, new ItemQuery(), default));
    }

    [Fact]
    public async Task The_file_shrinks_after_a_large_purge()
    {
        await using var storage = await OpenAsync();
        var bench = await Workbench.OpenAsync(storage, Noon);
        await bench.SubmitAsync(2_000, inputBytes: 20_000);
        await bench.SettleAsync(await bench.ClaimAsync(2_000));
        using var db = Connection.Open(Path.Combine(_folder.Path, "errand.db"), readOnly: true, "");
        var before = db.ReadNumber("PRAGMA page_count");

        Assert.Equal(2_000, (await storage.Retention.PurgeExpiredAsync(Noon.AddDays(8), limit: 2_000, default)).Jobs);

        var after = db.ReadNumber("PRAGMA page_count");
        Assert.True(after < before / 2, $"the database had {before} pages and has {after}");
    }

    private async Task<SqliteStorage> OpenAsync()
    {
        var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = _folder.Path });
        await storage.Schema.MigrateAsync(Noon, default);
        return storage;
    }

    private static async Task<JobHead> FinishWithItemsAsync(SqliteStorage storage)
    {
        var bench = await Workbench.OpenAsync(storage, Noon);
        await bench.SubmitAsync(1);
        var claimed = await bench.ClaimAsync(1);
        var ticket = claimed.Jobs[0].Ticket;
        foreach (var slice in Enumerable.Range(0, Items).Select(i => new JobItem { Index = i, Key = $"k{i}" }).Chunk(2_000))
        {
            await storage.Contents.WriteItemsAsync(ticket, slice, default);
        }

        var lines = Enumerable.Range(0, 100).Select(i => new JobMessage { Time = Noon, Text = $"line {i}" }).ToList();
        await storage.Contents.AppendMessagesAsync(ticket, lines, default);
        await storage.Contents.SaveProgressAsync([new ProgressReport(ticket, new JobProgress { Percent = 1, UpdatedAt = Noon })], default);
        await bench.SettleAsync(claimed);
        return claimed.Jobs[0].Head;
    }

    private static string[] Tables(Connection db) =>
        db.ReadText("SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table'").Split(',');
}
