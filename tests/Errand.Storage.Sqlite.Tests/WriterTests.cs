using Microsoft.Extensions.Logging.Abstractions;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>What callers who share a commit owe each other: nothing.</summary>
public sealed class WriterTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private Database _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = new Database(
            new DataFolder(_folder.Path), new SqliteStorageOptions(), TimeProvider.System, NullLogger.Instance);
        await _database.OpenAsync(Noon, default);
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_operation_that_fails_fails_alone()
    {
        using var held = new HeldWriter(_database);
        var before = SubmitAsync();
        var failing = _database.WriteAsync(
            transaction =>
            {
                new Submission(transaction, Batch()).Run();
                return transaction.Db.First<int>(Sql.Of("fragments", "head"), _ => { }, _ => throw new InvalidOperationException());
            },
            default).AsTask();
        var after = SubmitAsync();

        held.Release();

        await Assert.ThrowsAsync<StorageException>(() => failing);
        Assert.Equal(SubmitKind.Created, (await before).Jobs[0].Kind);
        Assert.Equal(SubmitKind.Created, (await after).Jobs[0].Kind);
        Assert.Equal(2, await QueuedAsync());
    }

    [Fact]
    public async Task A_canceled_request_that_waited_is_not_written()
    {
        using var held = new HeldWriter(_database);
        using var cancellation = new CancellationTokenSource();
        var canceled = new SqliteJobStore(_database).SubmitAsync(Batch(), cancellation.Token).AsTask();
        var other = SubmitAsync();
        await cancellation.CancelAsync();

        held.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        Assert.Equal(SubmitKind.Created, (await other).Jobs[0].Kind);
        Assert.Equal(1, await QueuedAsync());
    }

    [Fact]
    public async Task What_waits_shares_one_commit()
    {
        using var held = new HeldWriter(_database);
        var seen = await QueuedAsync();
        var submits = Enumerable.Range(0, 100).Select(async _ =>
        {
            await SubmitAsync();
            return await QueuedAsync();
        }).ToList();

        held.Release();

        // Whoever is acknowledged sees everybody else's job too: there was no commit between.
        Assert.Equal(0, seen);
        Assert.All(await Task.WhenAll(submits), count => Assert.Equal(100, count));
    }

    [Fact]
    public async Task A_beat_completes_at_once_while_the_writer_is_busy()
    {
        var sessions = new SqliteSessionStore(_database);
        var session = new WorkerSession { Id = SessionId.New(), Worker = "w", OpenedAt = Noon, ExpiresAt = Noon.AddSeconds(5) };
        await sessions.OpenAsync(session, default);
        using var held = new HeldWriter(_database);

        var beat = sessions.BeatAsync(session.Id, Noon, Noon.AddSeconds(9), default);

        Assert.True(beat.IsCompletedSuccessfully, "a beat needs neither the writer nor the thread pool");
        Assert.True((await beat).Alive);
        Assert.Equal(Noon.AddSeconds(9), (await sessions.ListAsync(default)).Single().ExpiresAt);
    }

    [Fact]
    public async Task A_beat_is_on_disk_after_the_next_write()
    {
        var sessions = new SqliteSessionStore(_database);
        var session = new WorkerSession { Id = SessionId.New(), Worker = "w", OpenedAt = Noon, ExpiresAt = Noon.AddSeconds(5) };
        await sessions.OpenAsync(session, default);
        await sessions.BeatAsync(session.Id, Noon, Noon.AddSeconds(9), default);

        await SubmitAsync();

        var saved = await _database.ReadAsync(db => db.ReadNumber("SELECT expires_at FROM sessions"), default);
        Assert.Equal(Noon.AddSeconds(9).UtcTicks, saved);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        _database.Dispose();

        var closed = await Assert.ThrowsAsync<StorageException>(SubmitAsync);
        Assert.Equal(StorageFault.Unavailable, closed.Fault);
    }

    private async Task<BatchOutcome> SubmitAsync() => await new SqliteJobStore(_database).SubmitAsync(Batch(), default);

    private async Task<long> QueuedAsync() =>
        (await new SqliteCatalogStore(_database).CountAsync(tenant: null, default)).Sum(count => count.Jobs);

    private static JobBatch Batch()
    {
        var head = new JobHead
        {
            Tenant = "acme",
            Id = JobId.New(Noon),
            Type = "work",
            Queue = "default",
            Owner = "ann",
            DueAt = Noon,
            CreatedAt = Noon,
        };
        return new JobBatch([new NewJob(head, JobDetails.None, JobInput.None)], Atomic: false, Idempotency: null, Noon);
    }

    /// <summary>Keeps the writer within an operation, so that what comes meanwhile waits and then shares a commit.</summary>
    private sealed class HeldWriter : IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public HeldWriter(Database database)
        {
            using var entered = new ManualResetEventSlim();
            _ = database.WriteAsync(
                _ =>
                {
                    entered.Set();
                    _released.Wait();
                    return true;
                },
                default).AsTask();
            entered.Wait();
        }

        public void Release() => _released.Set();

        public void Dispose() => Release();
    }
}
