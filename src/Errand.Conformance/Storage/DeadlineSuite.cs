using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Live jobs past their deadline.</summary>
public abstract class DeadlineSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task Waiting_and_running_jobs_are_listed_from_their_deadline_on_earliest_first()
    {
        var running = (await ClaimNewAsync(head => head with { Deadline = Draft.After(20) })).Head;
        var later = await SubmitAsync(head => head with { Deadline = Draft.After(30), Priority = 9 });
        var early = await SubmitAsync(head => head with { Deadline = Draft.After(10), DueAt = Draft.After(90) });
        await SubmitAsync();

        Expect.Same([], await PastAsync(9.999), "none is over yet");
        Expect.Same([early], await PastAsync(10), "a deadline is over at its instant, also while the job is scheduled");
        Expect.Same([early, running, later], await PastAsync(30), "earliest first");
        Expect.Same([early, running], await PastAsync(30, limit: 2), "no more than asked for");
    }

    [Fact]
    public async Task Finished_jobs_and_deadlines_that_were_taken_away_are_not_listed()
    {
        await FinishNewAsync(head => head with { Deadline = Draft.After(10) });
        var free = await SubmitAsync(head => head with { Deadline = Draft.After(10) });
        await ApplyAsync(Draft.Change(free, head => head with { Deadline = null }));

        Expect.Same([], await PastAsync(100), "a deadline ends with the job or with an update");
    }

    private async Task<IReadOnlyList<JobHead>> PastAsync(double seconds, int limit = 100) =>
        await Storage.Queue.ListPastDeadlineAsync(Draft.After(seconds), limit, Stop);
}
