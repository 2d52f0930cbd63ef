using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Claims: what is given to a session, and what a claim does to a job.</summary>
public abstract class ClaimSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_claim_starts_an_attempt()
    {
        var submitted = await SubmitAsync(Draft.Job(
            details: new JobDetails { Timeout = TimeSpan.FromSeconds(30), CorrelationId = "c" },
            input: new JobInput(Draft.Utf8("""{"rows":1}"""), Draft.Utf8("[1]"), Version: 2)));
        var session = await OpenSessionAsync();

        var job = (await ClaimAsync(session.Id, asOf: Draft.After(3))).Jobs.Single();

        var expected = submitted with
        {
            State = JobState.Running,
            Version = 2,
            Attempt = 1,
            Session = session.Id,
            Token = job.Head.Token,
            StartedAt = Draft.After(3),
            UpdatedAt = Draft.After(3),
        };
        Expect.Equal(expected, job.Head, "state, version, attempt, session, token and times change, and nothing else");
        Expect.That(job.Head.Token > 0, "0 is the token of a job that was never claimed");
        Expect.Equal(expected, (await ReadAsync(submitted.Key)).Head, "a reader sees what the worker was given");
        Expect.Equal(
            (TimeSpan.FromSeconds(30), "c"), (job.Details.Timeout!.Value, job.Details.CorrelationId!), "the handler needs the details");
        Expect.Bytes(Draft.Utf8("""{"rows":1}"""), job.Input.Json, "the handler needs the input");
        Expect.Bytes(Draft.Utf8("[1]"), job.Input.Items, "the handler needs the items");
        Expect.Equal(2, job.Input.Version, "the handler must know the shape of the input");
    }

    [Fact]
    public async Task A_claimed_job_is_not_given_again()
    {
        await SubmitAsync();
        var (one, two) = (await OpenSessionAsync(), await OpenSessionAsync());

        await ClaimAsync(one.Id);

        Expect.Equal(0, (await ClaimAsync(two.Id)).Jobs.Count, "one session owns it");
        Expect.Equal(0, (await ClaimAsync(one.Id)).Jobs.Count, "its owner has it already");
    }

    [Fact]
    public async Task A_job_is_due_from_its_instant_on()
    {
        await SubmitAsync(head => head with { DueAt = Draft.After(10) });
        var session = await OpenSessionAsync();

        Expect.Equal(0, (await ClaimAsync(session.Id, asOf: Draft.After(9.999))).Jobs.Count, "a millisecond is missing");
        Expect.Equal(1, (await ClaimAsync(session.Id, asOf: Draft.After(10))).Jobs.Count, "at its due time it is due");
    }

    [Fact]
    public async Task A_finished_job_is_never_given()
    {
        foreach (var state in new[] { JobState.Succeeded, JobState.Failed, JobState.Canceled }) await FinishNewAsync(state: state);
        var session = await OpenSessionAsync();

        Expect.Equal(0, (await ClaimAsync(session.Id, asOf: Draft.After(1e6))).Jobs.Count, "terminal is for ever");
    }

    [Fact]
    public async Task A_job_that_was_given_back_gets_a_greater_token()
    {
        var first = (await ClaimNewAsync()).Head;
        var (session, other) = (await OpenSessionAsync(), await ClaimNewAsync(head => head with { Queue = "bulk" }));
        await ApplyAsync(Draft.Requeue(first));

        var second = (await ClaimAgainAsync(first, session.Id)).Head;

        Expect.That(first.Token < other.Head.Token && other.Head.Token < second.Token, "tokens grow with every claim of the store");
        Expect.Equal((2, 4L), (second.Attempt, second.Version), "each claim is an attempt, each change a version");
    }

    [Fact]
    public async Task Only_the_types_that_were_asked_for_are_given()
    {
        await SubmitAsync();
        var wanted = await SubmitAsync(head => head with { Type = "b" });
        var former = await SubmitAsync(head => head with { Type = "a" });
        var session = await OpenSessionAsync();

        var outcome = await Storage.Queue.ClaimAsync(Draft.Claim(session.Id, types: ["a", "b", "unknown"]), Stop);

        Expect.Same([wanted.Id, former.Id], outcome.Jobs.Select(job => job.Head.Id), "in the order of the queue, whatever their type");
        Expect.Equal(0, (await Storage.Queue.ClaimAsync(Draft.Claim(session.Id, types: []), Stop)).Jobs.Count, "no type was asked for");
    }

    [Fact]
    public async Task Only_the_tenant_that_was_asked_for_is_given()
    {
        await SubmitAsync();
        var globex = await SubmitAsync(head => head with { Tenant = "globex" });
        var session = await OpenSessionAsync();

        var own = await Storage.Queue.ClaimAsync(Draft.Claim(session.Id) with { Tenant = "globex" }, Stop);
        var any = await Storage.Queue.ClaimAsync(Draft.Claim(session.Id), Stop);

        Expect.Same([globex.Id], own.Jobs.Select(job => job.Head.Id), "a worker of one tenant sees no other");
        Expect.Equal(1, any.Jobs.Count, "no tenant means every tenant");
    }

    [Fact]
    public async Task A_session_that_is_not_there_gets_nothing()
    {
        await SubmitAsync();
        var closed = await OpenSessionAsync();
        await Storage.Sessions.CloseAsync(closed.Id, Stop);

        Expect.Equal(0, (await ClaimAsync(closed.Id)).Jobs.Count, "it is closed: the job would be an orphan at once");
        Expect.Equal(0, (await ClaimAsync(SessionId.New())).Jobs.Count, "it never was");
    }

    [Fact]
    public async Task Suspects_are_given_up_to_their_limit_and_others_pass_them()
    {
        var heads = await SubmitManyAsync(6, (i, head) => head with { Losses = i < 3 ? 1 : 0 });
        var session = await OpenSessionAsync();

        var none = await Storage.Queue.ClaimAsync(Draft.Claim(session.Id, limit: 1, suspects: 0), Stop);
        var one = await Storage.Queue.ClaimAsync(Draft.Claim(session.Id, suspects: 1), Stop);

        Expect.Same([heads[3].Id], none.Jobs.Select(job => job.Head.Id), "a suspect that may not run does not block the queue");
        Expect.Same(
            [heads[0].Id, heads[4].Id, heads[5].Id], one.Jobs.Select(job => job.Head.Id), "one suspect, in its turn, and every other job");
    }

    [Fact]
    public async Task The_limit_on_suspects_holds_over_all_queues()
    {
        await SubmitManyAsync(4, (i, head) => head with { Losses = 1, Queue = i % 2 == 0 ? "one" : "two" });
        var session = await OpenSessionAsync();

        var outcome = await Storage.Queue.ClaimAsync(
            new ClaimRequest(session.Id, [new("one", [Draft.Type], 10), new("two", [Draft.Type], 10)], 1, Draft.Noon), Stop);

        Expect.Equal(1, outcome.Jobs.Count, "the limit is of the claim, not of each queue");
    }

    [Fact]
    public async Task The_next_due_time_is_that_of_what_could_be_claimed()
    {
        await SubmitAsync();
        await SubmitAsync(head => head with { DueAt = Draft.After(30) });
        await SubmitAsync(head => head with { DueAt = Draft.After(20), Priority = 0 });
        await SubmitAsync(head => head with { DueAt = Draft.After(10), Type = "other" });
        await SubmitAsync(head => head with { DueAt = Draft.After(5), Queue = "other" });
        var session = await OpenSessionAsync();

        Expect.Equal(
            Draft.After(20), (await ClaimAsync(session.Id)).NextDueAt,
            "the earliest later job of the queue and type, whatever its priority");
        Expect.Equal(
            Draft.After(30), (await ClaimAsync(session.Id, asOf: Draft.After(20))).NextDueAt, "what was claimed is not waited for");
        Expect.Null((await ClaimAsync(session.Id, asOf: Draft.After(30))).NextDueAt, "nothing is scheduled any more");
    }

    [Fact]
    public async Task A_filled_claim_names_no_due_time()
    {
        await SubmitManyAsync(2);
        await SubmitAsync(head => head with { DueAt = Draft.After(20) });
        var session = await OpenSessionAsync();

        Expect.Null((await ClaimAsync(session.Id, limit: 2)).NextDueAt, "the worker is full and asks again when it is not");
    }

    [Fact]
    public async Task A_changed_job_waits_at_its_new_place()
    {
        var heads = await SubmitManyAsync(3);
        await ApplyAsync(Draft.Change(heads[2], head => head with { Priority = 9 }));
        await ApplyAsync(Draft.Change(heads[0], head => head with { DueAt = Draft.After(60) }));
        var session = await OpenSessionAsync();

        var now = await ClaimAsync(session.Id);
        var later = await ClaimAsync(session.Id, asOf: Draft.After(60));

        Expect.Same([heads[2].Id, heads[1].Id], now.Jobs.Select(job => job.Head.Id), "its new priority moved it forward");
        Expect.Same([heads[0].Id], later.Jobs.Select(job => job.Head.Id), "its new due time moved it back");
    }
}
