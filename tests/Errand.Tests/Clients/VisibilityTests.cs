namespace Errand.Clients;

public sealed class VisibilityTests
{
    [Fact]
    public async Task Stacks_are_for_administrators()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        await worker.SettleAsync(await worker.ClaimOneAsync(), new JobOutcome.Failed(new JobError("x", "X.", Detail: "at Secret.Place()")));

        var mine = (await engine.Client.FindAsync(job.Head.Id, JobParts.Attempts)).Job!;
        Assert.Null(mine.Head.Error!.Detail);
        Assert.Null(mine.Attempts![0].Error!.Detail);
        Assert.Null((await engine.Client.ListAsync(JobFilter.All)).Jobs[0].Head.Error!.Detail);
        Assert.Null((await engine.Client.CancelAsync(job.Head.Id)).Head.Error!.Detail);
        var refused = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.Client.UpdateAsync(job.Head.Id, new JobUpdate(Priority: 1)));
        Assert.Null(refused.Problem.Job!.Head.Error!.Detail);

        var admin = (await engine.As(JobCaller.System()).FindAsync(job.Head.Id, JobParts.Attempts)).Job!;
        Assert.Equal(("at Secret.Place()", "at Secret.Place()"), (admin.Head.Error!.Detail, admin.Attempts![0].Error!.Detail));
    }

    [Fact]
    public async Task A_list_holds_what_the_caller_may_see()
    {
        await using var engine = await Engine.StartAsync();
        await engine.SubmitAsync();
        await engine.ClientOf("bob").SubmitAsync(new JobSubmission { Type = "work" });
        await engine.ClientOf("alice", "other").SubmitAsync(new JobSubmission { Type = "work" });
        Assert.Equal("alice", Assert.Single((await engine.Client.ListAsync(JobFilter.All)).Jobs).Head.Owner);
        Assert.Equal(2, (await engine.As(Engine.Caller("carol") with { SeesAll = true }).ListAsync(JobFilter.All)).Jobs.Count);
    }

    [Fact]
    public async Task Only_a_finished_job_is_purged_or_retried()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync(
            change: job => job with { Labels = new Dictionary<string, string> { ["a"] = "b" }, Input = "1"u8.ToArray() });
        Assert.Equal(JobProblems.JobActive, await RefusedAsync(async () => await engine.Client.PurgeAsync(job.Head.Id)));
        Assert.Equal(JobProblems.JobNotFinished, await RefusedAsync(async () => await engine.Client.RetryAsync(job.Head.Id)));

        await engine.Client.CancelAsync(job.Head.Id);
        var again = await engine.As(Engine.Caller("bob") with { SeesAll = true }).RetryAsync(job.Head.Id);
        Assert.Equal(("alice", job.Head.Id.ToString(), "b"), (again.Head.Owner, again.Details.RetryOf, again.Details.Labels["a"]));
        Assert.Equal("1"u8.ToArray(), (await engine.FindAsync(again, JobParts.Input)).Input!.Json.ToArray());

        await engine.Client.PurgeAsync(job.Head.Id);
        Assert.Equal(JobProblems.JobPurged, await RefusedAsync(async () => await engine.Client.CancelAsync(job.Head.Id)));
        Assert.Equal(
            JobProblems.JobPurged, await RefusedAsync(async () => await engine.Contents.ListItemsAsync(job.Head.Id, new Storage.ItemQuery())));
    }

    private static async Task<string> RefusedAsync(Func<Task> action) =>
        (await Assert.ThrowsAsync<JobProblemException>(action)).Problem.Name;
}
