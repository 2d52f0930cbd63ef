using Microsoft.Data.Sqlite;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>Which transactions of the app are taken, and what becomes of outboxes that are not as they should be.</summary>
public sealed class OutboxTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStorage _storage;

    public OutboxTests() => _storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = Path.Combine(_folder.Path, "data") });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Data Source=:memory:", "in memory")]
    [InlineData("Data Source=shared;Mode=Memory;Cache=Shared", "in memory")]
    [InlineData("Data Source={folder}/data/errand.db;Pooling=False", "one writer")]
    public async Task A_database_in_which_jobs_cannot_wait_is_refused_with_the_reason(string database, string reason)
    {
        var bench = await OpenAsync();
        await using var connection = new SqliteConnection(database.Replace("{folder}", _folder.Path, StringComparison.Ordinal));
        await connection.OpenAsync(Stop);
        await using var transaction = connection.BeginTransaction(deferred: true);

        var refusal = await Assert.ThrowsAsync<ArgumentException>(async () => await EnlistAsync(transaction, bench.Job()));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_newer_release_wrote_is_left_to_it_and_what_is_missing_keeps_nothing_back()
    {
        var bench = await OpenAsync();
        var (lost, job, newer) = (bench.Job(), bench.Job(), bench.Job());
        await CommitAsync("lost.db", lost);
        await CommitAsync("app.db", newer, "UPDATE errand_outbox SET format = 999");
        await CommitAsync("app.db", job);
        File.Delete(Path.Combine(_folder.Path, "lost.db"));

        var enlisted = await _storage.ListEnlistedAsync(10, Stop);
        await _storage.RemoveEnlistedAsync(enlisted, Stop);

        Assert.Equal([job.Head.Id], enlisted.Select(one => one.Job.Head.Id));
        Assert.Empty(await _storage.ListEnlistedAsync(10, Stop));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_after_the_others_are_served()
    {
        var bench = await OpenAsync();
        var job = bench.Job();
        await CommitAsync("broken.db", bench.Job());
        await CommitAsync("whole.db", job);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "broken.db"), new byte[4096].Select((_, i) => (byte)i).ToArray(), Stop);

        var enlisted = await _storage.ListEnlistedAsync(10, Stop);
        await _storage.RemoveEnlistedAsync(enlisted, Stop);
        var failure = await Assert.ThrowsAsync<StorageException>(async () => await _storage.ListEnlistedAsync(10, Stop));

        Assert.Equal([job.Head.Id], enlisted.Select(one => one.Job.Head.Id));
        Assert.Contains("broken.db", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slice_is_no_larger_than_asked_for()
    {
        var bench = await OpenAsync();
        NewJob[] jobs = [bench.Job(), bench.Job(), bench.Job()];
        foreach (var job in jobs) await CommitAsync("app.db", job);

        var first = await _storage.ListEnlistedAsync(2, Stop);
        await _storage.RemoveEnlistedAsync(first, Stop);
        var second = await _storage.ListEnlistedAsync(2, Stop);

        Assert.Equal(jobs.Select(job => job.Head.Id), first.Concat(second).Select(one => one.Job.Head.Id));
        Assert.Equal(2, first.Count);
    }

    private async Task<Workbench> OpenAsync()
    {
        await _storage.Schema.MigrateAsync(Noon, Stop);
        return await Workbench.OpenAsync(_storage, Noon);
    }

    private async Task CommitAsync(string file, NewJob job, string? then = null)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, file)};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var transaction = connection.BeginTransaction();
        await EnlistAsync(transaction, job);
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, then ?? "SELECT 1");
        await command.ExecuteNonQueryAsync(Stop);
        await transaction.CommitAsync(Stop);
    }

    private ValueTask<Enlistment> EnlistAsync(SqliteTransaction transaction, NewJob job) =>
        _storage.EnlistAsync(new JobBatch([job], Atomic: true, Idempotency: null, Noon), transaction, Stop);
}
