using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Worker sessions: beats, ends, orphans.</summary>
public abstract class SessionSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task An_opened_session_is_listed_with_all_it_said()
    {
        var session = await OpenSessionAsync(
            s => s with { Tenant = "acme", Remote = true, Slots = 7, Queues = ["a", "b"], Types = ["x", "y.z"] });

        var listed = (await Storage.Sessions.ListAsync(Stop)).Single();

        Expect.Same(session.Queues, listed.Queues, "queues are kept");
        Expect.Same(session.Types, listed.Types, "types are kept");
        Expect.Equal(session with { Queues = listed.Queues, Types = listed.Types }, listed, "all else is kept");
    }

    [Fact]
    public async Task A_beat_keeps_the_session_until_the_instant_it_names()
    {
        var job = await ClaimNewAsync();

        var beat = await Storage.Sessions.BeatAsync(job.Ticket.Session, Draft.After(4), Draft.After(9), Stop);

        Expect.That(beat is { Alive: true, Canceling.Count: 0 }, "it is there, and nobody asked its job to stop");
        Expect.Equal(Draft.After(9), (await Storage.Sessions.ListAsync(Stop)).Single().ExpiresAt, "the beat names the new end");
        Expect.Same([], await OrphansAsync(8.999), "it beats");
        Expect.Same([job.Head], await OrphansAsync(9), "it has stopped beating");
    }

    [Fact]
    public async Task A_beat_of_an_unknown_session_says_so()
    {
        var session = await OpenSessionAsync();
        await Storage.Sessions.CloseAsync(session.Id, Stop);

        Expect.That(!(await Storage.Sessions.BeatAsync(session.Id, Draft.Noon, Draft.After(5), Stop)).Alive, "all it held is lost");
        Expect.Equal(0, (await Storage.Sessions.ListAsync(Stop)).Count, "a beat does not bring it back");
    }

    [Fact]
    public async Task A_beat_tells_which_jobs_of_the_session_are_asked_to_stop()
    {
        var (mine, others) = (await ClaimNewAsync(), await ClaimNewAsync());
        await ApplyAsync(Draft.AskToStop(mine.Head));
        await ApplyAsync(Draft.AskToStop(others.Head));

        var beat = await Storage.Sessions.BeatAsync(mine.Ticket.Session, Draft.Noon, Draft.After(5), Stop);

        Expect.Same([mine.Ticket], beat.Canceling, "its own jobs and no others");
    }

    [Fact]
    public async Task A_session_holds_what_it_claimed_until_it_is_settled()
    {
        var session = await OpenSessionAsync();
        var (first, second) = (await ClaimAgainAsync(await SubmitAsync(), session.Id), await ClaimAgainAsync(await SubmitAsync(), session.Id));
        await ClaimNewAsync();

        Expect.Same([first.Head, second.Head], await Storage.Sessions.ListClaimedAsync(session.Id, Stop), "its own jobs in the order of their tokens");

        var canceling = await ApplyAsync(Draft.AskToStop(first.Head));
        await ApplyAsync(Draft.Requeue(second.Head));

        Expect.Same([canceling], await Storage.Sessions.ListClaimedAsync(session.Id, Stop), "one is asked to stop, one went back");
        Expect.Same([], await Storage.Sessions.ListClaimedAsync(SessionId.New(), Stop), "nobody knows that session");
    }

    [Fact]
    public async Task A_beat_needs_no_other_thread()
    {
        var session = await OpenSessionAsync();

        var beat = Storage.Sessions.BeatAsync(session.Id, Draft.Noon, Draft.After(5), Stop);

        Expect.That(beat.IsCompleted, "a beat must come through while the thread pool is starved, so it completes on the calling thread");
        await beat;
    }

    [Fact]
    public async Task Jobs_of_an_expired_session_are_orphans_of_a_lost_worker()
    {
        var job = await ClaimNewAsync();

        var orphan = (await Storage.Sessions.ListOrphansAsync(Draft.After(Draft.Term), 10, Stop)).Single();

        Expect.Equal(job.Head, orphan.Head, "the head is the one to decide upon");
        Expect.Equal((16, false), (orphan.SessionSlots, orphan.SessionClosed), "the worker was lost, and ran up to so many jobs");
        Expect.Equal(1, (await Storage.Sessions.ListAsync(Stop)).Count, "a session is kept while it has orphans: they need what it says");
    }

    [Fact]
    public async Task Jobs_of_a_closed_session_are_orphans_at_once()
    {
        var job = await ClaimNewAsync();

        await Storage.Sessions.CloseAsync(job.Ticket.Session, Stop);

        var orphan = (await Storage.Sessions.ListOrphansAsync(Draft.Noon, 10, Stop)).Single();
        Expect.Equal((job.Head, 0, true), (orphan.Head, orphan.SessionSlots, orphan.SessionClosed), "the worker went in good order");
        Expect.Equal(0, (await Storage.Sessions.ListAsync(Stop)).Count, "a closed session is gone");
    }

    [Fact]
    public async Task Orphans_come_in_the_order_of_their_tokens_and_in_slices()
    {
        var heads = await SubmitManyAsync(5, (i, head) => head with { Priority = i });
        var session = await OpenSessionAsync();
        await ClaimAsync(session.Id);

        Expect.Same(
            heads.Reverse().Select(h => h.Id), (await OrphansAsync(Draft.Term)).Select(h => h.Id), "the order in which they were given");
        Expect.Same(
            heads.Reverse().Take(2).Select(h => h.Id), (await OrphansAsync(Draft.Term, limit: 2)).Select(h => h.Id),
            "no more than asked for");
    }

    [Fact]
    public async Task A_job_that_is_asked_to_stop_is_an_orphan_too()
    {
        var job = await ClaimNewAsync();
        var canceling = await ApplyAsync(Draft.AskToStop(job.Head));

        Expect.Same([canceling], await OrphansAsync(Draft.Term), "nobody is left who could stop");
    }

    [Fact]
    public async Task What_was_settled_or_given_back_is_no_orphan()
    {
        await FinishNewAsync();
        var waiting = await ApplyAsync(Draft.Requeue((await ClaimNewAsync()).Head));

        Expect.Same([], await OrphansAsync(Draft.Term), "nobody owns them");
        Expect.Equal(JobState.Queued, (await ReadAsync(waiting.Key)).Head.State, "it waits");
    }

    [Fact]
    public async Task An_expired_session_is_removed_when_it_has_no_jobs()
    {
        var job = await ClaimNewAsync();
        var alive = await OpenSessionAsync(s => s with { ExpiresAt = Draft.After(2 * Draft.Term) });
        await OpenSessionAsync();

        await OrphansAsync(Draft.Term);
        Expect.Same(
            new[] { job.Ticket.Session, alive.Id }.OrderBy(id => id.Value),
            (await Storage.Sessions.ListAsync(Stop)).Select(s => s.Id).OrderBy(id => id.Value),
            "one is alive, one has an orphan, one is over");

        await ApplyAsync(Draft.Requeue(job.Head, losses: 1));
        await OrphansAsync(Draft.Term);
        Expect.Same([alive.Id], (await Storage.Sessions.ListAsync(Stop)).Select(s => s.Id), "its orphan is taken care of");
    }

    [Fact]
    public async Task A_start_ends_local_sessions_and_grants_remote_ones_a_term()
    {
        var local = await ClaimNewAsync();
        var submitted = await SubmitAsync();
        var remote = await OpenSessionAsync(s => s with { Remote = true });
        var kept = await ClaimAgainAsync(submitted, remote.Id);

        var granted = OwnsItsStore ? Draft.After(31) : Draft.After(2 * Draft.Term);
        await Storage.Sessions.RecoverAsync(Draft.After(1), granted, Stop);

        if (!OwnsItsStore)
        {
            Expect.Same([], await OrphansAsync(Draft.Term - 1), "a session may be another node's, and lives as long as it was granted");
            Expect.Same([local.Head, kept.Head], await OrphansAsync(Draft.Term), "and no longer: were it granted more with every start of any node, its jobs would never run again");
            return;
        }

        var orphan = (await Storage.Sessions.ListOrphansAsync(Draft.After(1), 10, Stop)).Single();
        Expect.Equal(
            (local.Head, 16, false), (orphan.Head, orphan.SessionSlots, orphan.SessionClosed),
            "a local worker died with its process, at once");
        await ApplyAsync(Draft.Requeue(local.Head, losses: 1));
        Expect.Same([], await OrphansAsync(30.999), "a remote worker could not beat while nobody listened");
        Expect.Same([kept.Head], await OrphansAsync(31), "and is lost if it does not come back");
    }

    private async Task<IReadOnlyList<JobHead>> OrphansAsync(double seconds, int limit = 100) =>
        [.. (await Storage.Sessions.ListOrphansAsync(Draft.After(seconds), limit, Stop)).Select(orphan => orphan.Head)];
}
