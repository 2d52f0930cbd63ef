using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Whatever a worker writes after its claim is over is refused, and leaves no trace.</summary>
public abstract class FencingSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_zombie_is_refused_when_another_worker_has_the_job()
    {
        var zombie = await ClaimNewAsync();
        await ApplyAsync(Draft.Requeue(zombie.Head, losses: 1));
        var session = await OpenSessionAsync();
        var owner = await ClaimAgainAsync(zombie.Head, session.Id);

        await RefusesEverythingAsync(zombie.Ticket, "the job has another owner");
        await TakesEverythingAsync(owner.Ticket);
    }

    [Fact]
    public async Task A_worker_is_refused_when_its_job_was_given_back()
    {
        var job = await ClaimNewAsync();
        await ApplyAsync(Draft.Requeue(job.Head));

        await RefusesEverythingAsync(job.Ticket, "the job waits, and the same worker would need a new token");
    }

    [Fact]
    public async Task A_worker_is_refused_when_it_claimed_its_job_again()
    {
        var first = await ClaimNewAsync();
        await ApplyAsync(Draft.Requeue(first.Head));
        var second = await ClaimAgainAsync(first.Head, first.Ticket.Session);

        await RefusesEverythingAsync(first.Ticket, "the session is the same, but the claim is another");
        await TakesEverythingAsync(second.Ticket);
    }

    [Theory]
    [InlineData(JobState.Succeeded)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Canceled)]
    public async Task A_worker_is_refused_when_its_job_is_over(JobState end)
    {
        var job = await ClaimNewAsync();
        await ApplyAsync(Draft.Finish(job.Head, end));

        await RefusesEverythingAsync(job.Ticket, "terminal is for ever, with all that belongs to it");
    }

    [Fact]
    public async Task A_worker_is_refused_when_its_job_is_purged()
    {
        var job = await ClaimNewAsync();
        await ApplyAsync(Draft.Finish(job.Head));
        await Storage.Retention.PurgeAsync(job.Head.Key, tombstone: true, Draft.Noon, Stop);

        await RefusesEverythingAsync(job.Ticket, "there is no such job");
    }

    [Fact]
    public async Task A_made_up_token_is_refused()
    {
        var job = await ClaimNewAsync();
        var waiting = await SubmitAsync();

        await RefusesEverythingAsync(job.Ticket with { Token = job.Ticket.Token + 1 }, "nobody was given that token");
        await RefusesEverythingAsync(job.Ticket with { Token = 0 }, "nobody was given that token");
        await RefusesEverythingAsync(waiting.Ticket, "it was never claimed");
        await RefusesEverythingAsync(Draft.Head().Ticket with { Sequence = 1_000_000, Token = 1 }, "there is no such job");
    }

    [Fact]
    public async Task A_job_that_is_asked_to_stop_may_still_report()
    {
        var job = await ClaimNewAsync();
        await ApplyAsync(Draft.AskToStop(job.Head));

        await TakesEverythingAsync(job.Ticket);
    }

    [Fact]
    public async Task A_worker_may_report_until_its_job_is_taken_from_it()
    {
        var job = await ClaimNewAsync();
        await Storage.Sessions.CloseAsync(job.Ticket.Session, Stop);

        await TakesEverythingAsync(job.Ticket);
    }

    [Fact]
    public async Task A_refused_report_does_not_hinder_its_neighbours()
    {
        var zombie = await ClaimNewAsync();
        await ApplyAsync(Draft.Finish(zombie.Head));
        var alive = await ClaimNewAsync();

        var report = new JobProgress { Percent = 2 };
        var saved = await Storage.Contents.SaveProgressAsync(
            [new(zombie.Ticket, report), new(alive.Ticket, report), new(zombie.Ticket, report)], Stop);

        Expect.Same([null, 2d, null], saved.Select(p => p?.Percent), "each report is judged by itself");
    }

    private async Task RefusesEverythingAsync(JobTicket ticket, string because)
    {
        var before = await TraceAsync(ticket);

        Expect.Null((await Storage.Contents.SaveProgressAsync([new(ticket, new JobProgress { Percent = 99 })], Stop))[0], because);
        Expect.That(!await Storage.Contents.AppendMessagesAsync(ticket, [Draft.Message("late")], Stop), because);
        Expect.Null(await Storage.Contents.WriteItemsAsync(ticket, [Draft.Item("late")], Stop), because);
        Expect.Null(await Storage.Contents.AddOutputAsync(ticket, Draft.Output("late", "acme/late"), Stop), because);

        Expect.Equal(before, await TraceAsync(ticket), "what is refused leaves no trace");
    }

    private async Task TakesEverythingAsync(JobTicket ticket)
    {
        const string Because = "the job is still claimed with that token";
        Expect.NotNull((await Storage.Contents.SaveProgressAsync([new(ticket, new JobProgress { Percent = 99 })], Stop))[0], Because);
        Expect.That(await Storage.Contents.AppendMessagesAsync(ticket, [Draft.Message("in time")], Stop), Because);
        Expect.NotNull(await Storage.Contents.WriteItemsAsync(ticket, [Draft.Item("in time")], Stop), Because);
        Expect.NotNull(await Storage.Contents.AddOutputAsync(ticket, Draft.Output("in-time", "acme/in-time"), Stop), Because);
    }

    /// <summary>All that reports leave behind, as text.</summary>
    private async Task<string> TraceAsync(JobTicket ticket)
    {
        var job = (await Storage.Jobs.FindAsync(ticket.Key, JobParts.Status, Stop)).Job;
        var messages = await Storage.Contents.ListMessagesAsync(ticket.Sequence, new MessageQuery(), Stop);
        var items = await Storage.Contents.ListItemsAsync(ticket.Sequence, new ItemQuery(), Stop);
        var outputs = await Storage.Contents.ListOutputsAsync(ticket.Sequence, Stop);
        var bytes = await Storage.Contents.OutputBytesAsync(ticket.Key.Tenant, Stop);
        return string.Join('\n', [job?.Progress, job?.Items, bytes, .. messages.Messages, .. items, .. outputs]);
    }
}
