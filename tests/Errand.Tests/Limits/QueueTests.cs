using Errand.Storage;
using Errand.Work;

namespace Errand.Limits;

public sealed class QueueTests
{
    [Fact]
    public async Task A_paused_queue_gives_nothing_until_it_is_resumed()
    {
        await using var engine = await Engine.StartAsync();
        var queues = engine.Get<IJobQueues>();
        var worker = await engine.OpenWorkerAsync();
        await queues.SaveAsync(new QueueSettings("default", Paused: true));
        var job = await engine.SubmitAsync();
        Assert.Empty(await worker.ClaimAsync());
        var why = await engine.Client.WhyAsync(job.Head.Id);
        Assert.Equal(("paused_queue", "default"), (why.Code, why.Queue));

        var waiting = worker.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        await queues.SaveAsync(new QueueSettings("default"));
        await waiting;
        Assert.Equal(job.Head.Id, (await worker.ClaimOneAsync()).Head.Id);
    }

    [Fact]
    public async Task A_limit_holds_over_all_workers_and_wakes_the_next_one()
    {
        await using var engine = await Engine.StartAsync();
        await engine.Get<IJobQueues>().SaveAsync(new QueueSettings("default", MaxConcurrency: 2));
        for (var i = 0; i < 4; i++) await engine.SubmitAsync();
        var (one, two) = (await engine.OpenWorkerAsync(), await engine.OpenWorkerAsync());
        var running = await one.ClaimAsync();
        Assert.Equal(2, running.Count);
        Assert.Empty(await two.ClaimAsync());
        var waiting = (await engine.Client.ListAsync(new JobFilter { Statuses = [JobStatus.Queued] })).Jobs[0];
        var why = await engine.Client.WhyAsync(waiting.Head.Id);
        Assert.Equal("concurrency_limit", why.Code);
        Assert.Equal(running.Select(job => job.Head.Id).Order(), why.Jobs!.Order());

        var wake = two.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        await one.SucceedAsync(running[0]);
        await wake;
        Assert.Single(await two.ClaimAsync());
    }

    [Fact]
    public async Task A_rate_is_kept_and_its_next_token_wakes_the_worker()
    {
        await using var engine = await Engine.StartAsync();
        await engine.Get<IJobQueues>().SaveAsync(new QueueSettings("default", Rate: 2));
        for (var i = 0; i < 10; i++) await engine.SubmitAsync();
        var worker = await engine.OpenWorkerAsync();
        var started = 0;
        for (var step = 0; step < 20; step++)
        {
            started += (await worker.ClaimAsync()).Count;
            engine.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(started, 4, 5);
        await worker.ClaimAsync();
        var job = (await engine.Client.ListAsync(new JobFilter { Statuses = [JobStatus.Queued] })).Jobs[0];
        Assert.Equal("rate_limit", (await engine.Client.WhyAsync(job.Head.Id)).Code);
        var waiting = worker.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        Assert.False(waiting.IsCompleted);
        engine.Time.Advance(TimeSpan.FromMilliseconds(600));
        await waiting;
        Assert.Single(await worker.ClaimAsync());
    }

    [Fact]
    public async Task Urgent_jobs_go_first_and_equal_ones_in_order()
    {
        await using var engine = await Engine.StartAsync();
        List<JobId> expected = [];
        foreach (var priority in (int[])[5, 9, 0, 5])
        {
            expected.Add((await engine.SubmitAsync(change: job => job with { Priority = priority })).Head.Id);
            engine.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var claimed = await (await engine.OpenWorkerAsync()).ClaimAsync();
        Assert.Equal([expected[1], expected[0], expected[3], expected[2]], claimed.Select(job => job.Head.Id));
    }

    [Fact]
    public async Task The_least_urgent_job_starts_within_a_bound_under_a_flood_of_the_most_urgent()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var patient = await engine.SubmitAsync(change: job => job with { Priority = 0 });
        for (var claims = 1; claims <= 16 * 9; claims++)
        {
            await engine.SubmitAsync(change: job => job with { Priority = 9 });
            await engine.SubmitAsync(change: job => job with { Priority = 9 });
            var job = await worker.ClaimOneAsync();
            await worker.SucceedAsync(job);
            if (job.Head.Id == patient.Head.Id) return;
        }

        Assert.Fail("Priority 0 did not start within 144 claims.");
    }

    [Fact]
    public async Task A_worker_for_every_queue_takes_no_more_than_it_asked_for()
    {
        await using var engine = await Engine.StartAsync();
        foreach (var queue in (string[])["a", "b", "c"])
        {
            for (var i = 0; i < 3; i++) await engine.SubmitAsync(change: job => job with { Queue = queue });
        }

        var worker = await engine.OpenWorkerAsync();
        Assert.Equal(4, (await worker.ClaimAsync(4)).Count);
        Assert.Equal(5, (await worker.ClaimAsync(100)).Count);
    }

    [Fact]
    public async Task A_job_in_a_queue_nobody_heard_of_wakes_a_worker_for_every_queue()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        Assert.Empty(await worker.ClaimAsync());
        var waiting = worker.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        await engine.SubmitAsync(change: job => job with { Queue = "brand-new" });
        await waiting;
        Assert.Equal("brand-new", (await worker.ClaimOneAsync()).Head.Queue);
    }

    [Fact]
    public async Task A_worker_is_woken_when_the_next_job_becomes_due()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        Assert.Empty(await worker.ClaimAsync());
        var waiting = worker.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        await engine.SubmitAsync(change: job => job with { Delay = TimeSpan.FromSeconds(10) });
        if (waiting.IsCompleted)
        {
            Assert.Empty(await worker.ClaimAsync());
            waiting = worker.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        }

        engine.Time.Advance(TimeSpan.FromSeconds(10.1));
        await waiting;
        Assert.Single(await worker.ClaimAsync());
    }

    [Fact]
    public async Task A_worker_of_one_tenant_sees_no_other()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync(tenant: "other");
        await engine.SubmitAsync();
        Assert.Empty(await worker.ClaimAsync());
        var theirs = await engine.ClientOf("bob", "other").SubmitAsync(new JobSubmission { Type = "work" });
        Assert.Equal(theirs.Job.Head.Id, (await worker.ClaimOneAsync()).Head.Id);
    }

    [Fact]
    public async Task Settings_that_make_no_sense_are_refused_field_by_field()
    {
        await using var engine = await Engine.StartAsync();
        var refused = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.Get<IJobQueues>().SaveAsync(new QueueSettings("No", MaxConcurrency: 0, Rate: double.NaN)));
        Assert.Equal(["#/name", "#/maxConcurrency", "#/rate"], refused.Problem.Errors.Select(error => error.Pointer));
    }

    [Fact]
    public async Task Queues_are_listed_with_what_they_hold()
    {
        await using var engine = await Engine.StartAsync();
        await engine.SubmitAsync();
        await engine.SubmitAsync();
        engine.Time.Advance(TimeSpan.FromSeconds(5));
        await (await engine.OpenWorkerAsync()).ClaimOneAsync();
        var queue = Assert.Single(await engine.Get<IJobQueues>().ListAsync(null));
        Assert.Equal(("default", 1L, 1L, engine.Now.AddSeconds(-5)), (queue.Settings.Name, queue.Queued, queue.Running, queue.OldestDueAt));
        Assert.Equal(1, Assert.Single(await engine.Get<IJobTypes>().ListAsync()).Workers);
    }
}
