using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>What was acknowledged survives the store's end without warning.</summary>
public abstract class DurabilitySuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task Acknowledged_jobs_are_there_with_all_that_was_said()
    {
        var details = new JobDetails { Labels = new Dictionary<string, string> { ["env"] = "prod" }, CorrelationId = "c" };
        var head = await SubmitAsync(
            Draft.Job(h => h with { UniqueKey = "nightly", Deadline = Draft.After(60) }, details, new JobInput(Draft.Utf8("[1]"))));
        var many = await SubmitManyAsync(200);

        await CrashAsync();

        var job = await ReadAsync(head.Key, JobParts.Input);
        Expect.Equal(head, job.Head, "an acknowledgement is a promise");
        Expect.Equal(("prod", "c"), (job.Details.Labels["env"], job.Details.CorrelationId!), "details too");
        Expect.Bytes(Draft.Utf8("[1]"), job.Input!.Json, "the input too");
        foreach (var other in many) Expect.Equal(other, (await ReadAsync(other.Key)).Head, "every one of them");
    }

    [Fact]
    public async Task Claims_are_there_and_their_workers_are_known_to_be_lost()
    {
        var job = await ClaimNewAsync();

        await CrashAsync();
        await Storage.Sessions.RecoverAsync(Draft.After(1), Draft.After(31), Stop);

        var lost = OwnsItsStore ? Draft.After(1) : Draft.After(Draft.Term);
        var orphan = (await Storage.Sessions.ListOrphansAsync(lost, 10, Stop)).Single();
        Expect.Equal((job.Head, 16, false), (orphan.Head, orphan.SessionSlots, orphan.SessionClosed), "the worker died with the process");
    }

    [Fact]
    public async Task A_remote_worker_keeps_its_claim_over_a_restart_of_the_store()
    {
        var submitted = await SubmitAsync();
        var session = await OpenSessionAsync(s => s with { Remote = true });
        var job = await ClaimAgainAsync(submitted, session.Id);

        await CrashAsync();
        await Storage.Sessions.RecoverAsync(Draft.After(1), Draft.After(31), Stop);

        Expect.That(
            (await Storage.Sessions.BeatAsync(session.Id, Draft.After(2), Draft.After(32), Stop)).Alive,
            "it was granted a term to come back");
        Expect.That(await Storage.Contents.AppendMessagesAsync(job.Ticket, [Draft.Message("still here")], Stop), "its token still counts");
        Expect.Same([ChangeOutcome.Applied], await Storage.Queue.SettleAsync([Draft.Finish(job.Head)], Stop), "so does its settle");
    }

    [Fact]
    public async Task Tokens_go_on_growing_even_when_their_jobs_are_gone()
    {
        var finished = await FinishNewAsync();
        await Storage.Retention.PurgeAsync(finished.Key, tombstone: false, Draft.Noon, Stop);

        await CrashAsync();
        var next = await ClaimNewAsync();

        Expect.That(next.Head.Token > finished.Token, "a token that came twice would let a zombie in");
        Expect.That(next.Head.Sequence > finished.Sequence, "a sequence that came twice would give a job what another reported");
    }

    [Fact]
    public async Task Outcomes_and_histories_are_there()
    {
        var claimed = await ClaimNewAsync();
        var attempt = new JobAttempt(1, Draft.Noon, Draft.After(1), JobAttemptOutcome.Failed, new JobError("e", "No."), "host");
        var change = Draft.Finish(claimed.Head) with { Result = Draft.Result("""{"sum":4}"""), Attempt = attempt };
        await Storage.Queue.SettleAsync([change], Stop);

        await CrashAsync();

        var job = await ReadAsync(change.After.Key, JobParts.Result | JobParts.Attempts);
        Expect.Equal(change.After, job.Head, "the settle was acknowledged");
        Expect.Bytes(Draft.Utf8("""{"sum":4}"""), job.Result!.Body, "so was its result");
        Expect.Same([attempt], job.Attempts!, "so was the attempt");
    }

    [Fact]
    public async Task What_running_jobs_reported_is_there()
    {
        var job = await ClaimNewAsync();
        await Storage.Contents.SaveProgressAsync([new(job.Ticket, new JobProgress { Percent = 40 })], Stop);
        await Storage.Contents.AppendMessagesAsync(job.Ticket, [Draft.Message("one"), Draft.Message("two")], Stop);
        await Storage.Contents.WriteItemsAsync(job.Ticket, [Draft.Item("a"), Draft.Item("b", status: JobItemStatus.Failed)], Stop);
        await Storage.Contents.AddOutputAsync(job.Ticket, Draft.Output("totals", "acme/1"), Stop);

        await CrashAsync();

        var read = await ReadAsync(job.Head.Key);
        Expect.Equal((40d, new JobItemCounts(2, 1)), (read.Progress!.Percent!.Value, read.Items!.Value), "progress and counts");
        var log = await Storage.Contents.ListMessagesAsync(job.Head.Sequence, new MessageQuery(), Stop);
        Expect.Same(["one", "two"], log.Messages.Select(m => m.Text), "the log");
        Expect.Same(
            ["a", "b"], (await Storage.Contents.ListItemsAsync(job.Head.Sequence, new ItemQuery(), Stop)).Select(i => i.Key), "the items");
        Expect.Same(["totals"], (await Storage.Contents.ListOutputsAsync(job.Head.Sequence, Stop)).Select(o => o.Id), "the outputs");
    }

    [Fact]
    public async Task A_log_goes_on_where_it_was()
    {
        var job = await ClaimNewAsync();
        await Storage.Contents.AppendMessagesAsync(
            job.Ticket, [.. Enumerable.Range(1, 10_500).Select(i => Draft.Message($"line {i}"))], Stop);

        await CrashAsync();
        await Storage.Contents.AppendMessagesAsync(job.Ticket, [Draft.Message("last")], Stop);

        var page = await Storage.Contents.ListMessagesAsync(job.Head.Sequence, new MessageQuery(After: 10_499), Stop);
        Expect.Same([10_500L, 10_501], page.Messages.Select(m => m.Sequence), "the count of lines is part of the job");
        Expect.Equal(501L, page.Dropped, "so is the count of those that were dropped");
    }

    [Fact]
    public async Task Published_files_are_whole()
    {
        string location;
        await using (var staged = await Storage.Files.StageAsync(Draft.Tenant, Draft.Noon, Stop))
        {
            await staged.Content.WriteAsync(new byte[100_000], Stop);
            location = await staged.PublishAsync(Stop);
        }

        await CrashAsync();

        await using var stream = Expect.NotNull(await Storage.Files.OpenAsync(location, Stop), "it was published");
        Expect.Equal(100_000L, stream.Length, "no file is torn");
    }

    [Fact]
    public async Task Requests_keys_and_tombstones_are_remembered()
    {
        await SubmitAsync([Draft.Job(head => head with { UniqueKey = "nightly" })], request: Draft.Request("k", "body"));
        var purged = await FinishNewAsync(head => head with { Queue = "other" });
        await Storage.Retention.PurgeAsync(purged.Key, tombstone: true, Draft.After(1), Stop);

        await CrashAsync();

        Expect.Equal(
            BatchKind.Replayed, (await SubmitAsync([Draft.Job()], request: Draft.Request("k", "body"))).Kind, "the request had its effect");
        Expect.Equal(
            SubmitKind.UniqueKeyTaken, (await SubmitAsync([Draft.Job(head => head with { UniqueKey = "nightly" })])).Jobs[0].Kind,
            "the holder lives");
        Expect.That((await Storage.Jobs.FindAsync(purged.Key, JobParts.Status, Stop)).Tombstone is not null, "410 stays 410");
    }

    [Fact]
    public async Task Queues_types_counts_uploads_and_tokens_are_remembered()
    {
        await Storage.Catalog.SaveQueueAsync(new QueueSettings("default", Paused: true), Stop);
        await Storage.Catalog.SaveTypesAsync([new StoredType("a", Draft.Utf8("{}"), Draft.Noon)], Stop);
        await Storage.Uploads.AddAsync(Draft.Upload("u"), Stop);
        await Storage.Security.AddTokenAsync(
            new AccessToken("t", Draft.Utf8("hash"), Draft.Tenant, "ada", [], [], Draft.Noon, null, null), Stop);
        await Storage.Security.GetOrAddKeyAsync("cursor", Draft.Utf8("key"), Stop);
        await SubmitManyAsync(3);

        await CrashAsync();

        var session = await OpenSessionAsync();
        Expect.Equal(0, (await ClaimAsync(session.Id)).Jobs.Count, "the queue is still paused");
        Expect.Same(["a"], (await Storage.Catalog.ListTypesAsync(Stop)).Select(t => t.Name), "types are known");
        Expect.Equal(3L, (await Storage.Catalog.CountAsync(null, Stop)).Sum(c => c.Jobs), "counts are right");
        Expect.NotNull(await Storage.Uploads.FindAsync(Draft.Tenant, "u", Stop), "the upload may still be named");
        Expect.NotNull(await Storage.Security.FindTokenAsync("t", Stop), "the token still opens");
        Expect.Bytes(
            Draft.Utf8("key"), await Storage.Security.GetOrAddKeyAsync("cursor", Draft.Utf8("other"), Stop), "what was signed stays valid");
    }
}
