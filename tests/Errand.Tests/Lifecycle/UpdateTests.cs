namespace Errand.Lifecycle;

public sealed class UpdateTests
{
    [Fact]
    public async Task A_waiting_job_can_be_changed_in_every_way()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        var update = new JobUpdate(
            9, new Dictionary<string, string> { ["a"] = "b" }, engine.Now.AddHours(1), engine.Now.AddHours(2), MaxAttempts: 2);
        var changed = await engine.Client.UpdateAsync(job.Head.Id, update);
        var stored = await engine.FindAsync(job);
        Assert.Equal(changed.Head, stored.Head);
        Assert.Equal(
            (9, engine.Now.AddHours(1), engine.Now.AddHours(2), 2), (stored.Head.Priority, stored.Head.DueAt, stored.Head.Deadline, stored.Head.MaxAttempts));
        Assert.Equal("b", stored.Details.Labels["a"]);
        Assert.Equal(job.Head.Version + 1, stored.Head.Version);
    }

    [Fact]
    public async Task A_running_job_keeps_its_start_and_a_finished_one_everything()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var claimed = await worker.ClaimOneAsync();
        Assert.Equal(JobProblems.InvalidRequest, await RefusedAsync(engine, job, new JobUpdate(RunAt: engine.Now.AddHours(1))));
        await engine.Client.UpdateAsync(job.Head.Id, new JobUpdate(Priority: 1));
        Assert.True(await worker.SucceedAsync(claimed));
        Assert.Equal(JobProblems.JobFinished, await RefusedAsync(engine, job, new JobUpdate(Priority: 2)));
    }

    [Fact]
    public async Task A_stale_revision_is_refused()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        var seen = job.RevisionAt(engine.Now);
        await engine.Client.UpdateAsync(job.Head.Id, new JobUpdate(Priority: 1), seen);
        var refused = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.Client.UpdateAsync(job.Head.Id, new JobUpdate(Priority: 2), seen));
        Assert.Equal(JobProblems.PreconditionFailed, refused.Problem.Name);
        Assert.Equal(1, refused.Problem.Job!.Head.Priority);
    }

    private static async Task<string> RefusedAsync(Engine engine, Job job, JobUpdate update) =>
        (await Assert.ThrowsAsync<JobProblemException>(async () => await engine.Client.UpdateAsync(job.Head.Id, update))).Problem.Name;
}
