namespace Errand.Signals;

public sealed class WatchTests
{
    [Fact]
    public async Task A_watch_tells_every_step_once_and_ends_with_the_job()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync(change: job => job with { Delay = TimeSpan.FromSeconds(5) });
        await using var events = engine.Client.WatchAsync(job.Head.Id).GetAsyncEnumerator();
        Assert.Equal("job.snapshot", (await NextAsync(events)).Kind);

        var next = events.MoveNextAsync().AsTask();
        engine.Time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.True(await next);
        Assert.Equal("job.queued", events.Current.Kind);

        var claimed = await worker.ClaimOneAsync();
        Assert.Equal("job.started", (await NextAsync(events)).Kind);
        engine.Source.Reports.ReportProgress(claimed.Ticket, new JobProgress { Percent = 1 });
        await engine.Source.Reports.FlushAsync(claimed.Ticket, CancellationToken.None);
        Assert.Equal("job.progress", (await NextAsync(events)).Kind);
        await worker.SettleAsync(claimed, new JobOutcome.Failed(new JobError("x", "X.", Retryable: true), TimeSpan.Zero));
        Assert.Equal("job.retrying", (await NextAsync(events)).Kind);
        claimed = await worker.ClaimOneAsync();
        Assert.Equal("job.started", (await NextAsync(events)).Kind);
        await engine.Client.UpdateAsync(job.Head.Id, new JobUpdate(Priority: 1));
        Assert.Equal("job.snapshot", (await NextAsync(events)).Kind);
        await engine.Client.CancelAsync(job.Head.Id);
        Assert.Equal("job.canceling", (await NextAsync(events)).Kind);
        await worker.SettleAsync(claimed, new JobOutcome.Canceled());
        var last = await NextAsync(events);
        Assert.Equal("job.canceled", last.Kind);
        Assert.False(await events.MoveNextAsync());

        await foreach (var _ in engine.Client.WatchAsync(job.Head.Id, last.Revision)) Assert.Fail("The terminal event was given before.");
    }

    [Fact]
    public async Task A_watch_resumes_after_what_was_seen()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var seen = job.RevisionAt(engine.Now);
        var claimed = await worker.ClaimOneAsync();
        await using var events = engine.Client.WatchAsync(job.Head.Id, seen).GetAsyncEnumerator();
        Assert.Equal(("job.snapshot", JobState.Running), ((await NextAsync(events)).Kind, events.Current.Job.Head.State));

        await using var current = engine.Client.WatchAsync(job.Head.Id, events.Current.Revision).GetAsyncEnumerator();
        var next = current.MoveNextAsync().AsTask();
        await worker.SucceedAsync(claimed);
        Assert.True(await next);
        Assert.Equal("job.succeeded", current.Current.Kind);
    }

    [Fact]
    public async Task No_watch_goes_back_while_many_write()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        var watching = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var last = default(JobRevision);
            await foreach (var step in engine.Client.WatchAsync(job.Head.Id))
            {
                Assert.True(last.IsBefore(step.Revision));
                last = step.Revision;
            }

            return last;
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await engine.Client.UpdateAsync(job.Head.Id, new JobUpdate(Priority: (writer + i) % 10));
        })));
        var end = (await engine.Client.CancelAsync(job.Head.Id)).RevisionAt(engine.Now);
        Assert.All(await Task.WhenAll(watching), last => Assert.Equal(end, last));
        Assert.Equal(202, end.Version);
    }

    [Fact]
    public async Task A_stream_of_all_jobs_gives_what_matches_and_may_be_seen()
    {
        await using var engine = await Engine.StartAsync();
        using var stop = new CancellationTokenSource();
        await using var events = engine.Client.WatchAllAsync(new JobFilter { Queues = ["mine"] }, stop.Token).GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await engine.SubmitAsync();
        await engine.ClientOf("bob").SubmitAsync(new JobSubmission { Type = "work", Queue = "mine" });
        var job = await engine.SubmitAsync(change: job => job with { Queue = "mine" });
        Assert.True(await next);
        Assert.Equal(("job.queued", job.Head.Id), (events.Current.Kind, events.Current.Job.Head.Id));
        await engine.Client.CancelAsync(job.Head.Id);
        Assert.Equal("job.canceled", (await NextAsync(events)).Kind);
    }

    private static async Task<JobEvent> NextAsync(IAsyncEnumerator<JobEvent> events)
    {
        Assert.True(await events.MoveNextAsync());
        return events.Current;
    }
}
