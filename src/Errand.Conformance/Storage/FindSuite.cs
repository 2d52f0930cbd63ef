using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Reading one job.</summary>
public abstract class FindSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task An_unknown_id_is_neither_a_job_nor_a_tombstone()
    {
        var lookup = await Storage.Jobs.FindAsync(Draft.Head().Key, JobParts.Status, Stop);

        Expect.Equal(default, lookup, "there never was such a job");
    }

    [Fact]
    public async Task A_job_of_another_tenant_is_unknown()
    {
        var head = await SubmitAsync();

        var lookup = await Storage.Jobs.FindAsync(head.Key with { Tenant = "globex" }, JobParts.Status, Stop);

        Expect.Equal(default, lookup, "the tenant is part of the key");
    }

    [Fact]
    public async Task A_new_job_has_no_progress_no_items_and_no_result()
    {
        var head = await SubmitAsync();

        var job = await ReadAsync(head.Key, JobParts.Result | JobParts.Input | JobParts.Attempts);

        Expect.Null(job.Progress, "none was reported");
        Expect.Null(job.Items, "none were reported");
        Expect.Null(job.Result, "it has not run");
        Expect.Same([], job.Attempts!, "it has not run");
        Expect.That(job.Input!.Json.IsEmpty && job.Input.Items.IsEmpty && job.Input.UploadId is null, "it was submitted without input");
    }

    [Fact]
    public async Task Large_parts_are_read_only_when_asked_for()
    {
        var head = await FinishedWithEverythingAsync();

        var job = await ReadAsync(head.Key);

        Expect.Null(job.Input, "the input was not asked for");
        Expect.Null(job.Attempts, "the attempts were not asked for");
        Expect.That(job.Result is { Body.IsEmpty: true, Size: 9, StatusCode: 201 }, "the result is told without its body");
        Expect.That(job.Head.HasResult, "the head says that there is a result");
    }

    [Fact]
    public async Task What_is_asked_for_is_read_in_one_go()
    {
        var head = await FinishedWithEverythingAsync();

        var job = await ReadAsync(head.Key, JobParts.Result | JobParts.Input | JobParts.Attempts);

        Expect.Equal(head, job.Head, "the head is as the settle left it");
        Expect.Bytes(Draft.Utf8("""{"rows":1}"""), job.Input!.Json, "the input was asked for");
        Expect.Bytes(Draft.Utf8("""{"sum":4}"""), job.Result!.Body, "the result was asked for");
        Expect.Equal(1, job.Attempts!.Count, "the attempts were asked for");
        Expect.Equal(40d, job.Progress!.Percent!.Value, "progress is part of every read");
        Expect.Equal(new JobItemCounts(2, 1), job.Items!.Value, "counts are part of every read");
    }

    [Fact]
    public async Task A_purged_job_leaves_its_owner_and_the_instant()
    {
        var head = await FinishNewAsync(h => h with { Owner = "grace" });
        await Storage.Retention.PurgeAsync(head.Key, tombstone: true, Draft.After(60), Stop);

        var lookup = await Storage.Jobs.FindAsync(head.Key, JobParts.Status, Stop);

        Expect.Equal(
            new JobLookup(null, new Tombstone("grace", Draft.After(60))), lookup, "410 is told from 404, to those who could see the job");
    }

    [Fact]
    public async Task Whatever_changes_a_job_the_next_read_shows_it_however_often_it_was_read_before()
    {
        var submitted = await SubmitAsync(Draft.Job());
        Expect.Equal(JobState.Queued, (await ReadOftenAsync(submitted.Key)).Head.State, "it waits");

        var session = await OpenSessionAsync();
        var claimed = await ClaimAgainAsync(submitted, session.Id);
        Expect.Equal(JobState.Running, (await ReadOftenAsync(submitted.Key)).Head.State, "a claim shows at once");

        await Storage.Contents.SaveProgressAsync([new(claimed.Ticket, new JobProgress { Percent = 40, UpdatedAt = Draft.Noon })], Stop);
        Expect.Equal(40d, (await ReadOftenAsync(submitted.Key)).Progress!.Percent!.Value, "progress shows at once");
        await Storage.Contents.SaveProgressAsync([new(claimed.Ticket, new JobProgress { Percent = 50, UpdatedAt = Draft.Noon })], Stop);
        Expect.Equal(50d, (await ReadOftenAsync(submitted.Key)).Progress!.Percent!.Value, "and so does the next report");

        await Storage.Contents.WriteItemsAsync(claimed.Ticket, [Draft.Item("a"), Draft.Item("b", status: JobItemStatus.Failed)], Stop);
        Expect.Equal(new JobItemCounts(2, 1), (await ReadOftenAsync(submitted.Key)).Items!.Value, "counts show at once");

        var asked = await ApplyAsync(Draft.AskToStop(claimed.Head) with { Labels = new Dictionary<string, string> { ["a"] = "1" } });
        var stopping = await ReadOftenAsync(submitted.Key);
        Expect.Equal((JobState.Canceling, "1"), (stopping.Head.State, stopping.Details.Labels["a"]), "head and labels show at once");

        var finish = Draft.Finish(asked);
        await Storage.Queue.SettleAsync([finish with { After = finish.After with { HasResult = true }, Result = Draft.Result("""{"sum":4}""") }], Stop);
        var finished = await ReadOftenAsync(submitted.Key);
        Expect.Equal((JobState.Succeeded, 9L), (finished.Head.State, finished.Result!.Size), "the settle shows with the result");
        Expect.Bytes(Draft.Utf8("""{"sum":4}"""), (await ReadOftenAsync(submitted.Key, JobParts.Result)).Result!.Body, "the body shows as well");

        await Storage.Retention.PurgeAsync(submitted.Key, tombstone: true, Draft.After(60), Stop);
        foreach (var parts in (JobParts[])[JobParts.Status, JobParts.Result])
        {
            Expect.Null((await Storage.Jobs.FindAsync(submitted.Key, parts, Stop)).Job, "what is purged is gone at once");
        }
    }

    private async Task<Job> ReadOftenAsync(JobKey key, JobParts parts = JobParts.Status)
    {
        await ReadAsync(key, parts);
        await ReadAsync(key, parts);
        return await ReadAsync(key, parts);
    }

    private async Task<JobHead> FinishedWithEverythingAsync()
    {
        await SubmitAsync(Draft.Job(input: new JobInput(Draft.Utf8("""{"rows":1}"""))));
        var session = await OpenSessionAsync();
        var claimed = (await ClaimAsync(session.Id)).Jobs[0];
        await Storage.Contents.SaveProgressAsync([new(claimed.Ticket, new JobProgress { Percent = 40, UpdatedAt = Draft.Noon })], Stop);
        await Storage.Contents.WriteItemsAsync(claimed.Ticket, [Draft.Item("a"), Draft.Item("b", status: JobItemStatus.Failed)], Stop);
        var change = Draft.Finish(claimed.Head);
        return await ApplyAsync(change with
        {
            After = change.After with { HasResult = true },
            Result = Draft.Result("""{"sum":4}""") with { StatusCode = 201 },
            Attempt = new JobAttempt(1, Draft.Noon, Draft.Noon, JobAttemptOutcome.Failed, null),
        });
    }
}
