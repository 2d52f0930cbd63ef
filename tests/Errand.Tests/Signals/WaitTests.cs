namespace Errand.Signals;

public sealed class WaitTests
{
    [Fact]
    public async Task A_wait_ends_when_the_job_does()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var waiting = engine.Client.WaitAsync(job.Head.Id, TimeSpan.FromSeconds(30)).AsTask();
        var claimed = await worker.ClaimOneAsync();
        Assert.False(waiting.IsCompleted);
        await worker.SucceedAsync(claimed);
        Assert.Equal(JobState.Succeeded, (await waiting).Job!.Head.State);
    }

    [Fact]
    public async Task A_wait_ends_with_its_time_and_never_cancels_the_job()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        var waiting = engine.Client.WaitAsync(job.Head.Id, TimeSpan.FromSeconds(30)).AsTask();
        engine.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(waiting.IsCompleted);
        engine.Time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(JobState.Queued, (await waiting).Job!.Head.State);

        using var stop = new CancellationTokenSource();
        var given = engine.Client.WaitAsync(job.Head.Id, TimeSpan.FromSeconds(30), cancellationToken: stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(JobState.Queued, (await engine.FindAsync(job)).Head.State);
    }

    [Fact]
    public async Task A_wait_for_a_change_ends_with_any_change()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var seen = job.RevisionAt(engine.Now);
        var waiting = engine.Client.WaitAsync(job.Head.Id, TimeSpan.FromSeconds(30), seen).AsTask();
        var claimed = await worker.ClaimOneAsync();
        var running = (await waiting).Job!;
        Assert.Equal(JobState.Running, running.Head.State);
        Assert.Equal(running.Head, (await engine.Client.WaitAsync(job.Head.Id, TimeSpan.FromSeconds(30), seen)).Job!.Head);

        waiting = engine.Client.WaitAsync(job.Head.Id, TimeSpan.FromSeconds(30), running.RevisionAt(engine.Now)).AsTask();
        engine.Source.Reports.ReportProgress(claimed.Ticket, new JobProgress { Percent = 40 });
        await engine.Source.Reports.FlushAsync(claimed.Ticket, CancellationToken.None);
        Assert.Equal(40, (await waiting).Job!.Progress!.Percent);
    }

    [Fact]
    public async Task A_word_that_only_time_ends_wakes_whoever_waits_for_a_change()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync(change: job => job with { Delay = TimeSpan.FromSeconds(10) });
        var seen = job.RevisionAt(engine.Now);
        Assert.True(seen.Scheduled);
        var waiting = engine.Client.WaitAsync(job.Head.Id, TimeSpan.FromSeconds(30), seen).AsTask();
        engine.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(waiting.IsCompleted);
        engine.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(JobStatus.Queued, (await waiting).Job!.Head.StatusAt(engine.Now));
    }

    [Fact]
    public async Task A_change_that_nobody_told_of_is_found_by_the_floor_poll()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        var waiting = engine.Client.WaitAsync(job.Head.Id, TimeSpan.FromSeconds(30)).AsTask();
        var change = (Lifecycle.JobDecision.Change)Lifecycle.JobLifecycle.Decide(
            job.Head, new Lifecycle.JobCommand.Cancel(null), engine.Now);
        await engine.Storage.Jobs.ApplyAsync([change.Value], CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        await engine.Sweep<WaiterPoll>().SweepAsync(CancellationToken.None);
        Assert.Equal(JobState.Canceled, (await waiting).Job!.Head.State);
    }

    [Fact]
    public async Task Ten_thousand_waiters_are_told_and_leave_nothing_behind()
    {
        await using var engine = await Engine.StartAsync();
        var jobs = new List<Job>();
        for (var i = 0; i < 100; i++) jobs.Add(await engine.SubmitAsync());
        var waiting = Enumerable.Range(0, 10_000).Select(i => engine.Client.WaitAsync(jobs[i % 100].Head.Id, TimeSpan.FromSeconds(30)).AsTask()).ToList();
        foreach (var job in jobs) await engine.Client.CancelAsync(job.Head.Id);
        await Task.WhenAll(waiting);
        Assert.Empty(engine.Get<JobWaiters>().Jobs());
    }

    [Fact]
    public async Task A_job_that_may_not_be_seen_is_not_waited_for()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        Assert.Equal(default, await engine.ClientOf("bob").WaitAsync(job.Head.Id, TimeSpan.FromSeconds(30)));
    }
}
