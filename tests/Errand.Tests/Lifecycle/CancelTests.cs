namespace Errand.Lifecycle;

public sealed class CancelTests
{
    [Fact]
    public async Task A_waiting_job_ends_at_once()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        var canceled = await engine.Client.CancelAsync(job.Head.Id, "not needed");
        Assert.Equal(
            (JobState.Canceled, "not needed", JobErrorCodes.Canceled), (canceled.Head.State, canceled.Head.CancelReason, canceled.Head.Error!.Code));
        Assert.Equal(canceled.Head, (await engine.Client.CancelAsync(job.Head.Id)).Head);
    }

    [Fact]
    public async Task A_job_between_two_attempts_ends_at_once()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        await worker.SettleAsync(
            await worker.ClaimOneAsync(), new JobOutcome.Failed(new JobError("x", "X.", Retryable: true), TimeSpan.FromHours(1)));
        Assert.Equal(JobState.Canceled, (await engine.Client.CancelAsync(job.Head.Id)).Head.State);
        engine.Time.Advance(TimeSpan.FromHours(2));
        Assert.Empty(await worker.ClaimAsync());
    }

    [Fact]
    public async Task A_running_job_is_asked_to_stop_at_once_and_then_stops()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var claimed = await worker.ClaimOneAsync();
        Assert.Equal(JobState.Canceling, (await engine.Client.CancelAsync(job.Head.Id, "stop")).Head.State);
        Assert.Equal(claimed.Ticket, Assert.Single(worker.Canceled));
        Assert.True(await worker.SettleAsync(claimed, new JobOutcome.Canceled()));
        var done = await engine.FindAsync(job);
        Assert.Equal((JobState.Canceled, "stop"), (done.Head.State, done.Head.CancelReason));
        Assert.Equal(JobAttemptOutcome.Canceled, Assert.Single(done.Attempts!).Outcome);
    }

    [Fact]
    public async Task A_cancel_that_loses_the_race_to_success_says_so()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var claimed = await worker.ClaimOneAsync();
        await engine.Client.CancelAsync(job.Head.Id, "too late");
        Assert.True(await worker.SucceedAsync(claimed, "1"));
        var done = await engine.FindAsync(job, JobParts.Result);
        Assert.Equal((JobState.Succeeded, "too late", null), (done.Head.State, done.Head.CancelReason, done.Head.Error));
        Assert.NotNull(done.Result);
    }

    [Fact]
    public async Task A_failure_of_a_job_that_is_asked_to_stop_is_not_retried()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var claimed = await worker.ClaimOneAsync();
        await engine.Client.CancelAsync(job.Head.Id);
        Assert.True(await worker.FailAsync(claimed));
        Assert.Equal(JobState.Canceled, (await engine.FindAsync(job)).Head.State);
    }

    [Fact]
    public async Task A_cancel_between_claim_and_settle_in_the_store_is_found_by_the_settle()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var claimed = await worker.ClaimOneAsync();
        var change = (JobDecision.Change)JobLifecycle.Decide(claimed.Head, new JobCommand.Cancel("elsewhere"), engine.Now);
        await engine.Storage.Jobs.ApplyAsync([change.Value], CancellationToken.None);

        Assert.True(await worker.FailAsync(claimed));
        Assert.Equal(
            (JobState.Canceled, "elsewhere"), ((await engine.FindAsync(job)).Head.State, (await engine.FindAsync(job)).Head.CancelReason));
    }

    [Fact]
    public async Task A_beat_tells_of_a_cancel_that_another_node_wrote()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        var claimed = await worker.ClaimOneAsync();
        var change = (JobDecision.Change)JobLifecycle.Decide(claimed.Head, new JobCommand.Cancel(null), engine.Now);
        await engine.Storage.Jobs.ApplyAsync([change.Value], CancellationToken.None);

        Assert.Empty(worker.Canceled);
        Assert.True(await worker.BeatAsync());
        Assert.Equal(claimed.Ticket, Assert.Single(worker.Canceled));
    }

    [Fact]
    public async Task Somebody_elses_job_is_unknown()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        foreach (var stranger in (IJobClient[])[engine.ClientOf("bob"), engine.ClientOf("alice", "other")])
        {
            var refused = await Assert.ThrowsAsync<JobProblemException>(async () => await stranger.CancelAsync(job.Head.Id));
            Assert.Equal(JobProblems.NotFound, refused.Problem.Name);
            Assert.Equal(default, await stranger.FindAsync(job.Head.Id));
        }

        Assert.NotNull((await engine.As(Engine.Caller("bob") with { SeesAll = true }).FindAsync(job.Head.Id)).Job);
    }
}
