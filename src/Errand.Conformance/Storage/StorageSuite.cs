using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>The base of every storage exam: each test has an empty store, and the deeds that all tests share.</summary>
public abstract class StorageSuite(StorageFixture fixture) : IAsyncLifetime
{
    private protected IJobStorage Storage { get; private set; } = null!;

    private protected StorageFixture Fixture => fixture;

    private protected bool OwnsItsStore => fixture.OwnsItsStore;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens the store.</summary>
    public async ValueTask InitializeAsync() => Storage = await fixture.OpenAsync();

    /// <summary>Disposes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Goes on with another store, that a crash has left.</summary>
    private protected void Use(IJobStorage storage) => Storage = storage;

    private protected async Task CrashAsync() => Storage = await fixture.CrashAsync(Storage);

    private protected async Task<BatchOutcome> SubmitAsync(
        IReadOnlyList<NewJob> jobs, bool atomic = false, IdempotencyRecord? request = null) =>
        await Storage.Jobs.SubmitAsync(new JobBatch(jobs, atomic, request, Draft.Noon), Stop);

    private protected async Task<JobHead> SubmitAsync(NewJob job)
    {
        var outcome = (await SubmitAsync([job])).Jobs[0];
        Expect.Equal(SubmitKind.Created, outcome.Kind, "nothing is in the way of the job");
        return Expect.NotNull(outcome.Head, "a stored job is returned");
    }

    private protected Task<JobHead> SubmitAsync(Func<JobHead, JobHead>? shape = null) => SubmitAsync(Draft.Job(shape));

    private protected async Task<JobHead[]> SubmitManyAsync(int count, Func<int, JobHead, JobHead>? shape = null)
    {
        var jobs = Enumerable.Range(0, count).Select(i => Draft.Job(head => shape?.Invoke(i, head) ?? head)).ToList();
        var heads = new List<JobHead>(count);
        foreach (var slice in jobs.Chunk(1_000)) heads.AddRange((await SubmitAsync(slice)).Jobs.Select(job => job.Head!));
        return [.. heads];
    }

    private protected async Task<Job> ReadAsync(JobKey key, JobParts parts = JobParts.Status) =>
        Expect.NotNull((await Storage.Jobs.FindAsync(key, parts, Stop)).Job, "the job was acknowledged");

    private protected async Task<WorkerSession> OpenSessionAsync(Func<WorkerSession, WorkerSession>? shape = null)
    {
        var session = Draft.Session();
        session = shape?.Invoke(session) ?? session;
        await Storage.Sessions.OpenAsync(session, Stop);
        return session;
    }

    private protected async Task<ClaimOutcome> ClaimAsync(SessionId session, int limit = 100, DateTimeOffset? asOf = null) =>
        await Storage.Queue.ClaimAsync(Draft.Claim(session, limit, asOf), Stop);

    /// <summary>Submits a job and has it claimed by a session of its own.</summary>
    private protected async Task<ClaimedJob> ClaimNewAsync(Func<JobHead, JobHead>? shape = null)
    {
        var submitted = await SubmitAsync(shape);
        var session = await OpenSessionAsync();
        return await ClaimAgainAsync(submitted, session.Id);
    }

    /// <summary>Claims until this very job comes; it must be the only one that waits.</summary>
    private protected async Task<ClaimedJob> ClaimAgainAsync(JobHead head, SessionId session, DateTimeOffset? asOf = null)
    {
        var outcome = await Storage.Queue.ClaimAsync(Draft.Claim(session, 1, asOf, queue: head.Queue, types: [head.Type]), Stop);
        Expect.Equal(1, outcome.Jobs.Count, "the job is due and a session asks for its queue and type");
        Expect.Equal(head.Id, outcome.Jobs[0].Head.Id, "no other job waits");
        return outcome.Jobs[0];
    }

    /// <summary>Writes a change that must be accepted and returns the head after it.</summary>
    private protected async Task<JobHead> ApplyAsync(JobChange change)
    {
        var outcome = (await Storage.Jobs.ApplyAsync([change], Stop))[0];
        Expect.Equal(ChangeOutcome.Applied, outcome, "the change was decided on the stored version");
        return change.After;
    }

    private protected async Task<JobHead> FinishNewAsync(
        Func<JobHead, JobHead>? shape = null, TimeSpan? keep = null, JobState state = JobState.Succeeded) =>
        await ApplyAsync(Draft.Finish((await ClaimNewAsync(shape)).Head, state, keep: keep));
}
