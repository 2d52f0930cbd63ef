using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>The order of claims, and what stands in a queue without being given: pauses, limits, heads that nobody can claim.</summary>
public abstract class ClaimOrderSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task Priority_comes_first_then_the_due_time_then_the_sequence()
    {
        var heads = await SubmitManyAsync(
            60, (i, head) => head with { Priority = i * 7 % 10, DueAt = Draft.After(-(i * 5 % 3)), Type = i % 2 == 0 ? "a" : "b" });
        var expected = heads.OrderByDescending(h => h.Priority).ThenBy(h => h.DueAt).ThenBy(h => h.Sequence).Select(h => h.Id);
        var session = await OpenSessionAsync();

        var claimed = new List<JobId>();
        for (var i = 0; i < 6; i++)
        {
            var outcome = await Storage.Queue.ClaimAsync(Draft.Claim(session.Id, limit: 10, types: ["a", "b"]), Stop);
            claimed.AddRange(outcome.Jobs.Select(job => job.Head.Id));
        }

        Expect.Same(expected, claimed, "that is the order within a queue");
    }

    [Fact]
    public async Task Equal_jobs_start_in_the_order_of_acceptance()
    {
        var heads = await SubmitManyAsync(300);
        var session = await OpenSessionAsync();

        var claimed = await ClaimAsync(session.Id, limit: 300);

        Expect.Same(heads.Select(h => h.Id), claimed.Jobs.Select(job => job.Head.Id), "first come, first served");
    }

    [Fact]
    public async Task A_reserved_share_begins_with_another_priority()
    {
        var heads = await SubmitManyAsync(8, (i, head) => head with { Priority = i < 4 ? 9 : i < 6 ? 0 : 5 });
        var session = await OpenSessionAsync();

        var outcome = await Storage.Queue.ClaimAsync(Draft.Claim(session.Id, limit: 7, firstPriority: 0), Stop);

        Expect.Same(
            [heads[4].Id, heads[5].Id, heads[0].Id, heads[1].Id, heads[2].Id, heads[3].Id, heads[6].Id],
            outcome.Jobs.Select(job => job.Head.Id),
            "the least urgent start first for once, then the order is 9 to 0: so that they start at all under load");
    }

    [Fact]
    public async Task Each_queue_gives_up_to_its_limit_in_the_order_of_the_request()
    {
        var heads = await SubmitManyAsync(6, (i, head) => head with { Queue = i % 2 == 0 ? "one" : "two", Priority = i });
        var session = await OpenSessionAsync();

        var outcome = await Storage.Queue.ClaimAsync(
            new ClaimRequest(
                session.Id, [new("two", [Draft.Type], 2), new("empty", [Draft.Type], 5), new("one", [Draft.Type], 5)], 9, Draft.Noon),
            Stop);

        Expect.Same(
            [heads[5].Id, heads[3].Id, heads[4].Id, heads[2].Id, heads[0].Id], outcome.Jobs.Select(job => job.Head.Id),
            "queues are served one after the other");
    }

    [Fact]
    public async Task The_limit_of_the_claim_holds_over_the_limits_of_its_queues()
    {
        await SubmitManyAsync(6, (i, head) => head with { Queue = i % 2 == 0 ? "one" : "two" });
        var session = await OpenSessionAsync();

        var outcome = await Storage.Queue.ClaimAsync(
            new ClaimRequest(session.Id, [new("one", [Draft.Type], 5), new("two", [Draft.Type], 5)], 9, Draft.Noon, Limit: 4), Stop);

        Expect.Same(
            ["one", "one", "one", "two"], outcome.Jobs.Select(job => job.Head.Queue), "a worker with four free slots is given four jobs");
    }

    [Fact]
    public async Task A_paused_queue_gives_nothing_until_it_is_resumed()
    {
        await SubmitAsync();
        var session = await OpenSessionAsync();

        await Storage.Catalog.SaveQueueAsync(new QueueSettings("default", Paused: true), Stop);
        Expect.Equal(0, (await ClaimAsync(session.Id)).Jobs.Count, "the pause holds from the next claim on");

        await Storage.Catalog.SaveQueueAsync(new QueueSettings("default"), Stop);
        Expect.Equal(1, (await ClaimAsync(session.Id)).Jobs.Count, "so does the resume");
    }

    [Fact]
    public async Task A_queue_with_a_limit_runs_no_more_than_that_on_all_sessions_together()
    {
        await SubmitManyAsync(10);
        await Storage.Catalog.SaveQueueAsync(new QueueSettings("default", MaxConcurrency: 3), Stop);
        var (one, two) = (await OpenSessionAsync(), await OpenSessionAsync());

        var first = await ClaimAsync(one.Id, limit: 2);
        var second = await ClaimAsync(two.Id, limit: 2);
        Expect.Equal((2, 1), (first.Jobs.Count, second.Jobs.Count), "two run, so one more may");

        var canceling = await ApplyAsync(Draft.AskToStop(first.Jobs[0].Head));
        Expect.Equal(0, (await ClaimAsync(two.Id)).Jobs.Count, "a job that was asked to stop still runs");

        await ApplyAsync(Draft.Finish(canceling, JobState.Canceled));
        await ApplyAsync(Draft.Requeue(second.Jobs[0].Head));
        Expect.Equal(2, (await ClaimAsync(two.Id)).Jobs.Count, "an end and a return free their places");
    }

    [Fact]
    public async Task A_limit_below_what_runs_gives_nothing_and_takes_nothing_away()
    {
        await SubmitManyAsync(5);
        var session = await OpenSessionAsync();
        var running = (await ClaimAsync(session.Id, limit: 3)).Jobs;
        await Storage.Catalog.SaveQueueAsync(new QueueSettings("default", MaxConcurrency: 1), Stop);

        Expect.Equal(0, (await ClaimAsync(session.Id)).Jobs.Count, "three run where one may");

        foreach (var job in running.Take(2)) await ApplyAsync(Draft.Finish(job.Head));
        Expect.Equal(0, (await ClaimAsync(session.Id)).Jobs.Count, "one still runs");

        await ApplyAsync(Draft.Finish(running[2].Head));
        Expect.Equal(1, (await ClaimAsync(session.Id)).Jobs.Count, "none runs any more");
    }

    [Fact]
    public async Task Jobs_that_cannot_be_claimed_do_not_hide_one_that_can()
    {
        await SubmitManyAsync(3_000, (i, head) => head with { Type = $"unknown-{i % 3}", Priority = 9 });
        await SubmitManyAsync(1_000, (_, head) => head with { Queue = "paused", Priority = 9 });
        await SubmitManyAsync(1_000, (_, head) => head with { Losses = 1, Priority = 9 });
        await SubmitManyAsync(1_000, (_, head) => head with { DueAt = Draft.After(60), Priority = 9 });
        await Storage.Catalog.SaveQueueAsync(new QueueSettings("paused", Paused: true), Stop);
        var runnable = await SubmitAsync(head => head with { Priority = 0 });
        var session = await OpenSessionAsync();

        var outcome = await Storage.Queue.ClaimAsync(
            new ClaimRequest(session.Id, [new("paused", [Draft.Type], 5), new("default", [Draft.Type], 5)], SuspectLimit: 0, Draft.Noon),
            Stop);

        Expect.Same(
            [runnable.Id], outcome.Jobs.Select(job => job.Head.Id), "unknown types, pauses, suspects and later jobs are passed over");
    }
}
