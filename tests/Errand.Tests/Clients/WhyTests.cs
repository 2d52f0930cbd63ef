namespace Errand.Clients;

public sealed class WhyTests
{
    [Fact]
    public async Task Each_state_of_a_job_has_its_reason()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync(change: job => job with { Delay = TimeSpan.FromMinutes(1) });
        var why = await WhyAsync(engine, job);
        Assert.Equal(("scheduled", engine.Now.AddMinutes(1)), (why.Code, why.Until));

        engine.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("no_worker", (await WhyAsync(engine, job)).Code);

        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        why = await WhyAsync(engine, job);
        Assert.Equal(("waiting_turn", 1), (why.Code, why.Ahead));

        var claimed = (await worker.ClaimAsync()).Single(one => one.Head.Id == job.Head.Id);
        why = await WhyAsync(engine, job);
        Assert.Equal(("running", "test-1", engine.Now.AddSeconds(5)), (why.Code, why.Worker, why.Until));

        await worker.SettleAsync(claimed, new JobOutcome.Failed(new JobError("busy", "Busy.", Retryable: true), TimeSpan.FromMinutes(5)));
        why = await WhyAsync(engine, job);
        Assert.Equal(("retry_backoff", engine.Now.AddMinutes(5)), (why.Code, why.Until));

        engine.Time.Advance(TimeSpan.FromMinutes(5));
        worker = await engine.OpenWorkerAsync();
        claimed = await worker.ClaimOneAsync();
        await engine.Client.CancelAsync(job.Head.Id);
        Assert.Equal("canceling", (await WhyAsync(engine, job)).Code);
        await worker.SettleAsync(claimed, new JobOutcome.Canceled());
        why = await WhyAsync(engine, job);
        Assert.Equal("finished", why.Code);
        Assert.EndsWith(".", why.Sentence, StringComparison.Ordinal);
    }

    private static async Task<JobReason> WhyAsync(Engine engine, Job job) => await engine.Client.WhyAsync(job.Head.Id);
}
