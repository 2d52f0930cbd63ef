using Errand.Storage;
using Errand.Storage.Sqlite;

namespace Errand.Benchmarks.Storage;

/// <summary>The provider, driven as the engine drives it.</summary>
internal sealed class StoreUnderTest(string folder, TimeProvider time) : IAsyncDisposable
{
    private const string Type = "bench.nothing";

    private readonly SqliteStorage _store = new(new SqliteStorageOptions { DataFolder = folder }, time);
    private readonly SessionId _session = SessionId.New();

    public async Task OpenAsync()
    {
        await _store.Schema.MigrateAsync(time.GetUtcNow(), CancellationToken.None);
        await _store.Sessions.OpenAsync(
            new WorkerSession { Id = _session, Worker = "bench", ExpiresAt = time.GetUtcNow().AddHours(1) }, CancellationToken.None);
    }

    public async Task SubmitAsync(int jobs, int perCall, int callers)
    {
        var left = jobs;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Add(ref left, -perCall) >= 0) await SubmitAsync(perCall);
        })));
    }

    /// <summary>Claims and settles until nothing is left, with the next claim under way while the last one is settled.</summary>
    public async Task ClaimAndSettleAsync(int perCall)
    {
        var settling = Task.CompletedTask;
        while (true)
        {
            var claimed = await ClaimAsync(perCall);
            await settling;
            if (claimed.Jobs.Count == 0) return;
            settling = SettleAsync(claimed);
        }
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task SubmitAsync(int count)
    {
        var now = time.GetUtcNow();
        var jobs = new NewJob[count];
        for (var i = 0; i < count; i++) jobs[i] = new NewJob(NewHead(now), new JobDetails { RequestId = Guid.NewGuid() }, JobInput.None);
        await _store.Jobs.SubmitAsync(new JobBatch(jobs, Atomic: false, Idempotency: null, now), CancellationToken.None);
    }

    private static JobHead NewHead(DateTimeOffset now) => new()
    {
        Tenant = JobNames.DefaultTenant,
        Id = JobId.New(now),
        Type = Type,
        Queue = JobNames.DefaultQueue,
        Owner = "bench",
        DueAt = now,
        CreatedAt = now,
        UpdatedAt = now,
    };

    private ValueTask<ClaimOutcome> ClaimAsync(int limit)
    {
        var queue = new QueueClaim(JobNames.DefaultQueue, [Type], limit);
        return _store.Queue.ClaimAsync(new ClaimRequest(_session, [queue], SuspectLimit: 1, time.GetUtcNow()), CancellationToken.None);
    }

    private async Task SettleAsync(ClaimOutcome claimed)
    {
        var now = time.GetUtcNow();
        var changes = claimed.Jobs.Select(job => new JobChange(job.Head, job.Head with
        {
            State = JobState.Succeeded,
            Version = job.Head.Version + 1,
            Session = null,
            FinishedAt = now,
            UpdatedAt = now,
            ExpiresAt = now.AddDays(7),
        })).ToList();
        await _store.Queue.SettleAsync(changes, CancellationToken.None);
    }
}
