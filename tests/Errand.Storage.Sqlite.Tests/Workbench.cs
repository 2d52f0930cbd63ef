namespace Errand.Storage.Sqlite.Tests;

/// <summary>A session on an open store, and the few deeds that tests of the provider's own promises share.</summary>
internal sealed class Workbench(IJobStorage storage, SessionId session, DateTimeOffset now)
{
    public SessionId Session => session;

    public static async Task<Workbench> OpenAsync(IJobStorage storage, DateTimeOffset now)
    {
        var session = SessionId.New();
        await storage.Sessions.OpenAsync(
            new WorkerSession { Id = session, Worker = "test", Slots = 4, OpenedAt = now, ExpiresAt = now.AddMinutes(1) }, default);
        return new Workbench(storage, session, now);
    }

    public NewJob Job(string type = "work", int inputBytes = 0, DateTimeOffset? dueAt = null) => new(
        new JobHead
        {
            Tenant = "default",
            Id = JobId.New(now),
            Type = type,
            Queue = "default",
            Owner = "ann",
            DueAt = dueAt ?? now,
            CreatedAt = now,
            UpdatedAt = now,
        },
        new JobDetails { RequestId = Guid.NewGuid() },
        inputBytes == 0 ? JobInput.None : new JobInput(new byte[inputBytes]));

    /// <summary>Submits so many jobs; returns how many were created.</summary>
    public async Task<int> SubmitAsync(int count, string type = "work", int inputBytes = 0, DateTimeOffset? dueAt = null)
    {
        var created = 0;
        foreach (var slice in Enumerable.Range(0, count).Select(_ => Job(type, inputBytes, dueAt)).Chunk(1_000))
        {
            var outcome = await storage.Jobs.SubmitAsync(new JobBatch(slice, Atomic: false, Idempotency: null, now), default);
            created += outcome.Jobs.Count(job => job.Kind is SubmitKind.Created);
        }

        return created;
    }

    public ValueTask<ClaimOutcome> ClaimAsync(int limit, params string[] types) => storage.Queue.ClaimAsync(
        new ClaimRequest(session, [new QueueClaim("default", types.Length == 0 ? ["work"] : types, limit)], SuspectLimit: 1, now), default);

    public ValueTask<IReadOnlyList<ChangeOutcome>> SettleAsync(ClaimOutcome claimed) => storage.Queue.SettleAsync(
        [.. claimed.Jobs.Select(job => new JobChange(job.Head, Succeeded(job.Head)))], default);

    private JobHead Succeeded(JobHead head) => head with
    {
        State = JobState.Succeeded,
        Version = head.Version + 1,
        Session = null,
        FinishedAt = now,
        UpdatedAt = now,
        ExpiresAt = now.AddDays(7),
    };
}
