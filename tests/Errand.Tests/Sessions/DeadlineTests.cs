namespace Errand.Sessions;

public sealed class DeadlineTests
{
    [Fact]
    public async Task A_waiting_job_fails_at_its_deadline()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync(change: job => job with { Deadline = engine.Now.AddMinutes(1) });
        await SweepAsync(engine);
        Assert.Equal(JobState.Queued, (await engine.FindAsync(job)).Head.State);
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await SweepAsync(engine);
        var failed = await engine.FindAsync(job);
        Assert.Equal((JobState.Failed, JobErrorCodes.ExpiredBeforeStart), (failed.Head.State, failed.Head.Error!.Code));
    }

    [Fact]
    public async Task A_running_job_is_asked_to_stop_and_fails_unless_it_succeeds_after_all()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync(change: job => job with { Deadline = engine.Now.AddMinutes(1) });
        await engine.SubmitAsync(change: job => job with { Deadline = engine.Now.AddMinutes(1) });
        var claimed = await worker.ClaimAsync(2);
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await SweepAsync(engine);
        Assert.Equal(claimed.Select(job => job.Ticket).Order(Comparer()), worker.Canceled.Order(Comparer()));
        Assert.True(await worker.SettleAsync(claimed[0], new JobOutcome.Canceled()));
        Assert.True(await worker.SucceedAsync(claimed[1]));

        var failed = await engine.Client.FindAsync(claimed[0].Head.Id);
        Assert.Equal((JobState.Failed, JobErrorCodes.DeadlineExceeded), (failed.Job!.Head.State, failed.Job.Head.Error!.Code));
        Assert.Equal(JobState.Succeeded, (await engine.Client.FindAsync(claimed[1].Head.Id)).Job!.Head.State);
    }

    [Fact]
    public async Task No_handler_sees_a_job_past_its_deadline()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var late = await engine.SubmitAsync(change: job => job with { Deadline = engine.Now.AddSeconds(1) });
        var good = await engine.SubmitAsync();
        engine.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(good.Head.Id, Assert.Single(await worker.ClaimAsync()).Head.Id);
        var failed = await engine.FindAsync(late);
        Assert.Equal(
            (JobState.Failed, JobErrorCodes.ExpiredBeforeStart, 0), (failed.Head.State, failed.Head.Error!.Code, failed.Head.Attempt));
    }

    private static ValueTask SweepAsync(Engine engine) => engine.Sweep<DeadlineSweep>().SweepAsync(CancellationToken.None);

    private static Comparer<JobTicket> Comparer() => Comparer<JobTicket>.Create((one, other) => one.Sequence.CompareTo(other.Sequence));
}
