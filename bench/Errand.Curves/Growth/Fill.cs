using Errand.Storage;

namespace Errand.Curves.Growth;

/// <summary>Fills a store with jobs by the store's own verbs, a thousand at once: what lies there then is what years of use leave behind.</summary>
internal sealed class Fill(IJobStorage storage, string type)
{
    private const int AtOnce = 1_000;
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly SessionId _session = SessionId.New();

    /// <summary>Jobs that ended, and are kept until then.</summary>
    public async Task FinishedAsync(int jobs, DateTimeOffset expiresAt)
    {
        var now = Time.GetUtcNow();
        await storage.Sessions.OpenAsync(new WorkerSession { Id = _session, Worker = "fill", OpenedAt = now, ExpiresAt = now.AddHours(4) }, CancellationToken.None);
        var settling = Task.CompletedTask;
        for (var done = 0; done < jobs; done += AtOnce)
        {
            await SubmitAsync(Math.Min(AtOnce, jobs - done), Time.GetUtcNow());
            var demand = new QueueClaim(JobNames.DefaultQueue, [type], AtOnce);
            var claimed = await storage.Queue.ClaimAsync(new ClaimRequest(_session, [demand], SuspectLimit: 1, Time.GetUtcNow()), CancellationToken.None);
            await settling;
            settling = SettleAsync(claimed.Jobs, expiresAt);
        }

        await settling;
        await storage.Sessions.CloseAsync(_session, CancellationToken.None);
    }

    /// <summary>Jobs that are due in a year.</summary>
    public async Task ScheduledAsync(int jobs)
    {
        for (var done = 0; done < jobs; done += AtOnce) await SubmitAsync(Math.Min(AtOnce, jobs - done), Time.GetUtcNow().AddDays(365));
    }

    private async Task SubmitAsync(int count, DateTimeOffset due)
    {
        var now = Time.GetUtcNow();
        var batch = Enumerable.Range(0, count).Select(_ => new NewJob(Head(now, due), new JobDetails { RequestId = Guid.NewGuid() }, JobInput.None)).ToList();
        await storage.Jobs.SubmitAsync(new JobBatch(batch, Atomic: true, Idempotency: null, now), CancellationToken.None);
    }

    private async Task SettleAsync(IReadOnlyList<ClaimedJob> jobs, DateTimeOffset expiresAt)
    {
        var now = Time.GetUtcNow();
        await storage.Queue.SettleAsync([.. jobs.Select(job => new JobChange(job.Head, job.Head with
        {
            State = JobState.Succeeded,
            Version = job.Head.Version + 1,
            Session = null,
            FinishedAt = now,
            UpdatedAt = now,
            ExpiresAt = expiresAt,
        }))], CancellationToken.None);
    }

    private JobHead Head(DateTimeOffset now, DateTimeOffset due) => new()
    {
        Tenant = JobNames.DefaultTenant,
        Id = JobId.New(now),
        Type = type,
        Queue = JobNames.DefaultQueue,
        Owner = "bench-0",
        DueAt = due,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
