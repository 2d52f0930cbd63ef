using Errand.Retention;

namespace Errand.Clients;

/// <summary>A finished job may be told from memory; never to somebody who may not see it, and never when it is gone.</summary>
public sealed class FinishedJobsTests
{
    [Fact]
    public async Task A_finished_job_is_read_once_a_second()
    {
        await using var engine = await Engine.StartAsync();
        var job = await FinishedAsync(engine);
        var first = await FindAsync(engine, job);
        Assert.Same(first, await FindAsync(engine, job));

        engine.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, await FindAsync(engine, job));
    }

    [Fact]
    public async Task A_live_job_is_read_each_time()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        Assert.NotSame(await FindAsync(engine, job), await FindAsync(engine, job));

        await engine.Client.CancelAsync(job.Head.Id);
        Assert.Equal(JobState.Canceled, (await FindAsync(engine, job))!.Head.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_purged_here_is_gone_at_once(bool tombstone)
    {
        await using var engine = await Engine.StartAsync();
        var job = await FinishedAsync(engine);
        await FindAsync(engine, job);
        await FindAsync(engine, job, JobParts.Result);
        await engine.Client.PurgeAsync(job.Head.Id, tombstone);

        foreach (var parts in (JobParts[])[JobParts.Status, JobParts.Result])
        {
            var found = await engine.Client.FindAsync(job.Head.Id, parts);
            Assert.Equal((null, tombstone), (found.Job, found.Tombstone is not null));
        }
    }

    [Fact]
    public async Task What_retention_took_is_gone_at_once()
    {
        await using var engine = await Engine.StartAsync();
        var job = await FinishedAsync(engine);
        engine.Time.Advance(TimeSpan.FromDays(8));
        await FindAsync(engine, job);
        await engine.Sweep<RetentionSweep>().SweepAsync(TestContext.Current.CancellationToken);

        Assert.NotNull((await engine.Client.FindAsync(job.Head.Id)).Tombstone);
    }

    [Fact]
    public async Task What_another_node_purged_is_gone_within_a_second()
    {
        await using var engine = await Engine.StartAsync();
        var job = await FinishedAsync(engine);
        await FindAsync(engine, job);
        await engine.Storage.Retention.PurgeAsync(job.Head.Key, tombstone: true, engine.Now, TestContext.Current.CancellationToken);

        engine.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull((await engine.Client.FindAsync(job.Head.Id)).Tombstone);
    }

    [Fact]
    public void What_is_purged_while_it_is_read_is_not_kept()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var finished = new FinishedJobs(time);
        var job = new Job
        {
            Head = new JobHead { Tenant = "a", Id = JobId.New(time.GetUtcNow()), Type = "work", Queue = "q", Owner = "o", CreatedAt = time.GetUtcNow(), State = JobState.Succeeded },
        };
        var reading = finished.Begin();
        finished.Forget(job.Head.Key);
        finished.Keep(job, JobParts.Status, reading);
        Assert.Null(finished.Find(job.Head.Key, JobParts.Status));

        finished.Keep(job, JobParts.Status, finished.Begin());
        Assert.Same(job, finished.Find(job.Head.Key, JobParts.Status)!.Stored);
    }

    [Fact]
    public async Task In_memory_or_not_it_is_shown_to_whom_it_may_be_shown()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        await worker.SettleAsync(await worker.ClaimOneAsync(), new JobOutcome.Failed(new JobError("x", "X.", Retryable: false, Detail: "at Secret.Place()")));
        var admin = engine.As(JobCaller.System());

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("at Secret.Place()", (await admin.FindAsync(job.Head.Id)).Job!.Head.Error!.Detail);
            Assert.Null((await engine.Client.FindAsync(job.Head.Id)).Job!.Head.Error!.Detail);
            Assert.Equal(default, await engine.ClientOf("bob").FindAsync(job.Head.Id));
            Assert.Equal(default, await engine.ClientOf("alice", "other").FindAsync(job.Head.Id));
        }
    }

    private static async Task<Job> FinishedAsync(Engine engine)
    {
        var job = await engine.SubmitAsync();
        await engine.Client.CancelAsync(job.Head.Id);
        return job;
    }

    private static async Task<Job?> FindAsync(Engine engine, Job job, JobParts parts = JobParts.Status) => (await engine.Client.FindAsync(job.Head.Id, parts)).Job;
}
