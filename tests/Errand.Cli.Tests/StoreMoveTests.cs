using Errand.Server.Moving;
using Errand.Storage;
using Errand.Storage.Memory;
using Errand.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Errand.Cli.Tests;

public sealed class StoreMoveTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly Scratch _scratch = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Jobs_that_still_wait_in_an_apps_database_are_not_left_behind()
    {
        await using var store = new SqliteStorage(new SqliteStorageOptions { DataFolder = _scratch.Folder("data") });
        await store.Schema.MigrateAsync(Noon, Stop);
        var job = new NewJob(
            new JobHead { Tenant = "default", Id = JobId.New(Noon), Type = "work", Queue = "default", Owner = "ann", DueAt = Noon, CreatedAt = Noon, UpdatedAt = Noon },
            new JobDetails { RequestId = Guid.NewGuid() }, JobInput.None);
        var app = _scratch.Folder("app.db");
        await using (var connection = new SqliteConnection($"Data Source={app};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using var transaction = connection.BeginTransaction();
            await store.EnlistAsync(new JobBatch([job], Atomic: true, Idempotency: null, Noon), transaction, Stop);
            await transaction.CommitAsync(Stop);
        }

        var refusal = await MoveAsync(store);

        Assert.Equal(StorageFault.Locked, refusal.Fault);
        Assert.Contains(app, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(job.Head.Id.ToString(), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("once more", refusal.Message, StringComparison.Ordinal);

        await store.RemoveEnlistedAsync(await store.ListEnlistedAsync(10, Stop), Stop);
        Assert.Contains("A memory store cannot be moved", (await MoveAsync(store)).Message, StringComparison.Ordinal);
    }

    private static async Task<StorageException> MoveAsync(SqliteStorage store)
    {
        await using var other = new MemoryStorage();
        return await Assert.ThrowsAsync<StorageException>(() => StoreMove.RunAsync(store, other, Stop));
    }
}
