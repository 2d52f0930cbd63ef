using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>What a decided change does: the same for <see cref="IJobStore.ApplyAsync"/> and <see cref="IJobQueue.SettleAsync"/>.</summary>
public abstract class ChangeSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_change_decided_on_the_stored_version_is_written_whole()
    {
        var claimed = (await ClaimNewAsync(head => head with { Deadline = Draft.After(600) })).Head;
        var after = claimed with
        {
            State = JobState.Failed,
            Version = claimed.Version + 1,
            Priority = 1,
            DueAt = Draft.After(7),
            UpdatedAt = Draft.After(8),
            FinishedAt = Draft.After(9),
            ExpiresAt = Draft.After(10),
            Deadline = Draft.After(11),
            Attempt = 4,
            MaxAttempts = 6,
            Failures = 5,
            Losses = 2,
            Session = null,
            CancelReason = "grün; 'x'",
            Error = new JobError("upstream_500", "It answered 500.", Retryable: true, Detail: "stack"),
            HasResult = true,
        };

        Expect.Same(
            [ChangeOutcome.Applied], await WriteAsync(new JobChange(claimed, after)), "the version is still the one it was decided on");
        Expect.Equal(after, (await ReadAsync(after.Key)).Head, "the head is stored as it was decided");
    }

    [Fact]
    public async Task A_change_decided_on_an_older_version_writes_nothing()
    {
        var claimed = (await ClaimNewAsync()).Head;
        var finished = await ApplyAsync(Draft.Finish(claimed));

        var outcomes = await WriteAsync(Draft.Finish(claimed, JobState.Failed) with
        {
            Attempt = Attempt(1),
            Result = Draft.Result("[]"),
            Labels = new Dictionary<string, string> { ["late"] = "yes" },
        });

        var job = await ReadAsync(finished.Key, JobParts.Attempts | JobParts.Result);
        Expect.Same([ChangeOutcome.Conflict], outcomes, "somebody else was first");
        Expect.Equal(finished, job.Head, "the loser's head is not written");
        Expect.That(job is { Attempts.Count: 0, Result: null, Details.Labels.Count: 0 }, "nothing of the loser is written");
    }

    [Fact]
    public async Task A_change_of_an_unknown_job_finds_nothing()
    {
        var purged = await FinishNewAsync();
        await Storage.Retention.PurgeAsync(purged.Key, tombstone: true, Draft.Noon, Stop);

        var outcomes = await WriteAsync(Draft.Finish(Draft.Head() with { Sequence = 1_000_000 }), Draft.Finish(purged));

        Expect.Same([ChangeOutcome.NotFound, ChangeOutcome.NotFound], outcomes, "one never was, the other is no more");
    }

    [Fact]
    public async Task Changes_are_independent_of_their_neighbours()
    {
        await SubmitManyAsync(4);
        var session = await OpenSessionAsync();
        var heads = (await ClaimAsync(session.Id)).Jobs.Select(job => job.Head).ToList();
        await ApplyAsync(Draft.AskToStop(heads[1]));

        var outcomes = await WriteAsync([.. heads.Select(head => Draft.Finish(head)), Draft.Finish(Draft.Head())]);

        Expect.Same(
            [ChangeOutcome.Applied, ChangeOutcome.Conflict, ChangeOutcome.Applied, ChangeOutcome.Applied, ChangeOutcome.NotFound], outcomes,
            "one outcome each, in the order given");
        Expect.Equal(JobState.Canceling, (await ReadAsync(heads[1].Key)).Head.State, "the cancel came first, and is decided upon again");
    }

    [Fact]
    public async Task Of_two_changes_of_one_version_the_first_wins()
    {
        var claimed = (await ClaimNewAsync()).Head;

        var outcomes = await WriteAsync(Draft.Finish(claimed), Draft.Finish(claimed, JobState.Failed));

        Expect.Same([ChangeOutcome.Applied, ChangeOutcome.Conflict], outcomes, "the second was decided on what is no more");
        Expect.Equal(JobState.Succeeded, (await ReadAsync(claimed.Key)).Head.State, "the first stands");
    }

    [Fact]
    public async Task Results_attempts_and_labels_are_written_with_the_change()
    {
        var claimed = (await ClaimNewAsync()).Head;
        var error = new JobError("handler_exception", "No.", Retryable: true, Detail: "at X");
        var first = new JobAttempt(1, Draft.Noon, Draft.After(1), JobAttemptOutcome.Failed, error, "host-1");
        var second = new JobAttempt(2, Draft.After(2), Draft.After(3), JobAttemptOutcome.Lost, null, null);
        var result = new JobResult("text/plain", Draft.Utf8("four"), "big", 4, "sha-256=:BBBB:", 202);

        var waiting = Draft.Requeue(claimed);
        await WriteAsync(waiting with { Attempt = first });
        await WriteAsync(Draft.Finish(waiting.After) with
        {
            Attempt = second,
            Result = result,
            Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
        });

        var job = await ReadAsync(claimed.Key, JobParts.Result | JobParts.Attempts);
        Expect.Same([first, second], job.Attempts!, "attempts are kept, oldest first");
        Expect.Bytes(result.Body, job.Result!.Body, "the result is kept byte for byte");
        Expect.Equal(result with { Body = default }, job.Result with { Body = default }, "what is known of the result is kept");
        Expect.Same(["a=1", "b=2"], job.Details.Labels.Select(l => $"{l.Key}={l.Value}").Order(), "the labels are the new ones");
    }

    [Fact]
    public async Task A_large_result_is_kept()
    {
        var claimed = (await ClaimNewAsync()).Head;
        var body = new byte[512 * 1024];
        Array.Fill(body, (byte)'9');

        await WriteAsync(
            Draft.Finish(claimed) with { Result = new JobResult("application/json", body, null, body.Length, "sha-256=:AAAA:") });

        Expect.Bytes(body, (await ReadAsync(claimed.Key, JobParts.Result)).Result!.Body, "the store takes what the engine gives it");
    }

    [Fact]
    public async Task A_thousand_changes_are_one_call()
    {
        await SubmitManyAsync(1_000);
        var session = await OpenSessionAsync();
        var claimed = (await ClaimAsync(session.Id, limit: 1_000)).Jobs;

        var outcomes = await WriteAsync([.. claimed.Select(job => Draft.Finish(job.Head))]);

        Expect.That(outcomes.Count == 1_000 && outcomes.All(o => o is ChangeOutcome.Applied), "each is written");
        var counts = await Storage.Catalog.CountAsync(Draft.Tenant, Stop);
        Expect.Same([(JobState.Succeeded, 1_000L)], counts.Where(c => c.Jobs > 0).Select(c => (c.State, c.Jobs)), "each is counted");
    }

    [Fact]
    public async Task Nothing_to_write_is_written_without_an_outcome() =>
        Expect.Same([], await WriteAsync(), "there were no changes, and the write only makes durable what was read");

    private protected abstract ValueTask<IReadOnlyList<ChangeOutcome>> WriteAsync(params JobChange[] changes);

    private static JobAttempt Attempt(int number) => new(number, Draft.Noon, Draft.Noon, JobAttemptOutcome.Failed, null);
}

/// <summary>Changes decided by anyone: cancels, updates, expiries.</summary>
public abstract class ApplySuite(StorageFixture fixture) : ChangeSuite(fixture)
{
    [Fact]
    public async Task A_waiting_job_that_is_canceled_is_never_claimed()
    {
        var head = await SubmitAsync();
        await WriteAsync(Draft.Finish(head, JobState.Canceled));
        var session = await OpenSessionAsync();

        Expect.Equal(0, (await ClaimAsync(session.Id)).Jobs.Count, "the cancel came first");
    }

    [Fact]
    public async Task A_claim_makes_earlier_decisions_stale()
    {
        var submitted = await SubmitAsync();
        var session = await OpenSessionAsync();
        await ClaimAsync(session.Id);

        var outcomes = await WriteAsync(Draft.Finish(submitted, JobState.Canceled));

        Expect.Same([ChangeOutcome.Conflict], outcomes, "the job runs now, and a cancel must be decided anew");
    }

    private protected sealed override ValueTask<IReadOnlyList<ChangeOutcome>> WriteAsync(params JobChange[] changes) =>
        Storage.Jobs.ApplyAsync(changes, Stop);
}

/// <summary>Changes decided by a worker: the outcomes of attempts.</summary>
public abstract class SettleSuite(StorageFixture fixture) : ChangeSuite(fixture)
{
    [Fact]
    public async Task A_late_settle_of_a_job_that_was_claimed_again_is_refused()
    {
        var zombie = (await ClaimNewAsync()).Head;
        await ApplyAsync(Draft.Requeue(zombie, losses: 1));
        var session = await OpenSessionAsync();
        var owner = (await ClaimAgainAsync(zombie, session.Id)).Head;

        var outcomes = await WriteAsync(Draft.Finish(zombie) with { Result = Draft.Result("[]") });

        Expect.Same([ChangeOutcome.Conflict], outcomes, "the claim was lost");
        Expect.Equal(owner, (await ReadAsync(owner.Key)).Head, "the new owner runs on undisturbed");
        Expect.Same([ChangeOutcome.Applied], await WriteAsync(Draft.Finish(owner)), "the new owner's settle counts");
    }

    [Fact]
    public async Task A_settle_that_a_cancel_overtook_is_decided_again()
    {
        var claimed = (await ClaimNewAsync()).Head;
        var canceling = await ApplyAsync(Draft.AskToStop(claimed));

        var late = await WriteAsync(Draft.Finish(claimed));
        var again = await WriteAsync(Draft.Finish(canceling));

        Expect.Same(
            [ChangeOutcome.Conflict, ChangeOutcome.Applied], [.. late, .. again],
            "success after a cancel is still success, decided on the fresh head");
    }

    [Fact]
    public async Task A_retry_waits_for_its_time()
    {
        var claimed = (await ClaimNewAsync()).Head;
        var session = await OpenSessionAsync();
        await WriteAsync(Draft.Change(claimed, head => head with
        {
            State = JobState.Queued,
            Session = null,
            Failures = 1,
            DueAt = Draft.After(30),
            Error = new JobError("e", "It failed.", true),
        }));

        Expect.Equal(0, (await ClaimAsync(session.Id, asOf: Draft.After(29))).Jobs.Count, "the back-off is not over");
        Expect.Equal(2, (await ClaimAsync(session.Id, asOf: Draft.After(30))).Jobs.Single().Head.Attempt, "then the second attempt starts");
    }

    private protected sealed override ValueTask<IReadOnlyList<ChangeOutcome>> WriteAsync(params JobChange[] changes) =>
        Storage.Queue.SettleAsync(changes, Stop);
}
