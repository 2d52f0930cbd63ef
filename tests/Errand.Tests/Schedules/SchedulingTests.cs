using Errand.Schedules;
using Errand.Storage;
using Errand.Storage.Memory;

namespace Errand.Tests.Schedules;

public sealed class SchedulingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_due_schedule_makes_a_job_of_its_owner_that_says_where_it_comes_from()
    {
        await using var engine = await Engine.StartAsync();
        await Schedules(engine).CreateAsync("nightly", Cron("0 2 * * *") with { Job = new JobSubmission { Type = "work", Priority = 7, Input = "{}"u8.ToArray() } }, Stop);

        Assert.Equal(new DateTimeOffset(2026, 11, 23, 2, 0, 0, TimeSpan.Zero), await FireAsync(engine));
        Assert.Empty(await JobsAsync(engine));
        engine.Time.Advance(TimeSpan.FromHours(14));
        await FireAsync(engine);

        var job = Assert.Single(await JobsAsync(engine));
        Assert.Equal(("alice", 7, "nightly", "nightly/2026-11-23T02:00:00Z"), (job.Head.Owner, job.Head.Priority, job.Details.ScheduleId, job.Details.CorrelationId));
        var schedule = await Schedules(engine).GetAsync("nightly", Stop);
        Assert.Equal((job.Head.Id.ToString(), engine.Now, 1L), (schedule.LastJobId, schedule.LastAt!.Value, schedule.Revision));
        Assert.Equal(engine.Now.AddDays(1), schedule.NextAt);
    }

    [Fact]
    public async Task The_sweep_sleeps_until_a_time_comes_and_wakes_for_a_change()
    {
        await using var engine = await Engine.StartAsync();
        using var stop = new CancellationTokenSource();
        var sweep = engine.Sweep<ScheduleSweep>();
        var running = sweep.SweepAsync(stop.Token).AsTask();

        await Schedules(engine).CreateAsync("tick", Every(TimeSpan.FromSeconds(5)), Stop);
        var worker = await engine.OpenWorkerAsync();
        for (var i = 0; i < 5; i++) engine.Time.Advance(TimeSpan.FromSeconds(1));
        ClaimedJob? job = null;
        while (job is null)
        {
            job = await worker.ClaimAsync(1) is [var claimed] ? claimed : null;
            if (job is null) engine.Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal("tick", (await engine.FindAsync(await JobOfAsync(engine, job))).Details.ScheduleId);
    }

    [Fact]
    public async Task Two_nodes_fire_a_time_once()
    {
        await using var one = await Engine.StartAsync();
        await Schedules(one).CreateAsync("tick", Every(TimeSpan.FromMinutes(1)), Stop);
        await using var two = await Engine.StartAsync(storage: ((MemoryStorage)one.Storage).Reopen());
        one.Time.Advance(TimeSpan.FromMinutes(1));
        two.Time.Advance(TimeSpan.FromMinutes(1));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => FireAsync(i % 2 == 0 ? one : two))));

        Assert.Single(await JobsAsync(one));
    }

    [Fact]
    public async Task What_the_process_did_not_live_to_see_written_is_fired_by_the_next_one()
    {
        await using var engine = await Engine.StartAsync();
        await Schedules(engine).CreateAsync("tick", Every(TimeSpan.FromMinutes(1)), Stop);
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        engine.Faults.Before = (verb, _) => verb == StorageVerb.Schedules && ++_calls == 2 ? throw new StorageException(StorageFault.Unavailable, "gone") : ValueTask.CompletedTask;
        await Assert.ThrowsAsync<StorageException>(() => FireAsync(engine));
        engine.Faults.Before = null;
        Assert.Empty(await JobsAsync(engine));

        await using var next = await Engine.StartAsync(storage: ((MemoryStorage)engine.Storage).Reopen());
        next.Time.Advance(TimeSpan.FromMinutes(1));
        await FireAsync(next);
        await FireAsync(next);

        Assert.Single(await JobsAsync(next));
    }

    [Fact]
    public async Task Skip_leaves_a_time_out_while_a_job_lives_and_no_longer()
    {
        await using var engine = await Engine.StartAsync();
        await Schedules(engine).CreateAsync("tick", Every(TimeSpan.FromMinutes(1)) with { Overlap = OverlapRule.Skip }, Stop);
        var worker = await engine.OpenWorkerAsync();

        await TickAsync(engine);
        var job = await worker.ClaimOneAsync();
        await TickAsync(engine);
        Assert.Single(await JobsAsync(engine));

        await worker.SucceedAsync(job);
        await TickAsync(engine);
        Assert.Equal(2, (await JobsAsync(engine)).Count);
    }

    [Fact]
    public async Task Cancel_previous_asks_the_former_job_to_stop()
    {
        await using var engine = await Engine.StartAsync();
        await Schedules(engine).CreateAsync("tick", Every(TimeSpan.FromMinutes(1)) with { Overlap = OverlapRule.CancelPrevious }, Stop);

        await TickAsync(engine);
        await TickAsync(engine);

        var jobs = await JobsAsync(engine);
        Assert.Equal([JobState.Queued, JobState.Canceled], jobs.Select(job => job.Head.State));
    }

    [Fact]
    public async Task A_paused_schedule_fires_nothing_and_makes_nothing_up()
    {
        await using var engine = await Engine.StartAsync();
        var schedules = Schedules(engine);
        await schedules.CreateAsync("tick", Every(TimeSpan.FromMinutes(1)) with { Misfire = MisfireRule.All }, Stop);

        var paused = await schedules.PauseAsync("tick", true, Stop);
        Assert.Equal((true, null, 2L), (paused.Definition.Paused, paused.NextAt, paused.Revision));
        engine.Time.Advance(TimeSpan.FromMinutes(10.5));
        await FireAsync(engine);
        Assert.Empty(await JobsAsync(engine));

        var resumed = await schedules.PauseAsync("tick", false, Stop);
        Assert.Equal(engine.Now.AddMinutes(0.5), resumed.NextAt);
        Assert.Equal(3L, (await schedules.PauseAsync("tick", false, Stop)).Revision);
    }

    [Fact]
    public async Task Run_now_makes_a_job_and_leaves_the_plan_alone()
    {
        await using var engine = await Engine.StartAsync();
        var made = await Schedules(engine).CreateAsync("tick", Every(TimeSpan.FromMinutes(1)) with { Paused = true }, Stop);

        var job = await Schedules(engine).RunAsync("tick", Stop);

        Assert.Equal("tick", (await engine.FindAsync(job)).Details.ScheduleId);
        var after = await Schedules(engine).GetAsync("tick", Stop);
        Assert.Equal((made.NextAt, job.Head.Id.ToString(), 1L), (after.NextAt, after.LastJobId, after.Revision));
    }

    [Fact]
    public async Task A_job_that_cannot_be_made_is_told_and_the_schedule_goes_on()
    {
        await using var engine = await Engine.StartAsync([new JobType { Name = "work" }, new JobType { Name = "gone" }]);
        await Schedules(engine).CreateAsync("tick", Every(TimeSpan.FromMinutes(1)) with { Job = new JobSubmission { Type = "gone" } }, Stop);
        await using var later = await Engine.StartAsync(storage: ((MemoryStorage)engine.Storage).Reopen());
        var stored = (await later.Storage.Schedules.FindAsync("default", "tick", Stop))!;
        var body = System.Text.Encoding.UTF8.GetString(stored.Body.Span).Replace("\"gone\"", "\"never-declared\"", StringComparison.Ordinal);
        await later.Storage.Schedules.SaveAsync(new ScheduleChange(1, stored with { Version = 2, Body = System.Text.Encoding.UTF8.GetBytes(body) }, [], later.Now), Stop);

        await TickAsync(later);

        var schedule = await Schedules(later).GetAsync("tick", Stop);
        Assert.Contains("never-declared", schedule.Problem, StringComparison.Ordinal);
        Assert.Equal(later.Now.AddMinutes(1), schedule.NextAt);
        Assert.Empty(await JobsAsync(later));
    }

    [Fact]
    public async Task Others_see_only_what_is_theirs_and_a_taken_name_is_refused()
    {
        await using var engine = await Engine.StartAsync();
        await Schedules(engine).CreateAsync("tick", Every(TimeSpan.FromMinutes(1)), Stop);
        var bob = Schedules(engine, "bob");

        Assert.Empty((await bob.ListAsync(cancellationToken: Stop)).Schedules);
        Assert.Equal(JobProblems.NotFound, await RefusalAsync(() => bob.GetAsync("tick", Stop)));
        Assert.Equal(JobProblems.NotFound, await RefusalAsync(() => bob.RunAsync("tick", Stop)));
        Assert.Equal(JobProblems.ScheduleExists, await RefusalAsync(() => bob.CreateAsync("tick", Every(TimeSpan.FromMinutes(1)), Stop)));
        Assert.Equal(JobProblems.ScheduleExists, await RefusalAsync(async () => (await bob.SaveAsync("tick", Every(TimeSpan.FromMinutes(1)), null, Stop)).Schedule));
        Assert.Single((await engine.Get<IJobClients>().SchedulesFor(JobCaller.System()).ListAsync(cancellationToken: Stop)).Schedules);
    }

    [Fact]
    public async Task Saving_the_same_again_changes_nothing_and_new_times_count_anew()
    {
        await using var engine = await Engine.StartAsync();
        var schedules = Schedules(engine);
        Assert.True((await schedules.SaveAsync("tick", Every(TimeSpan.FromMinutes(10)), null, Stop)).Created);
        engine.Time.Advance(TimeSpan.FromMinutes(5));

        var same = await schedules.SaveAsync("tick", Every(TimeSpan.FromMinutes(10)), null, Stop);
        Assert.Equal((false, 1L, engine.Now.AddMinutes(5)), (same.Created, same.Schedule.Revision, same.Schedule.NextAt!.Value));

        var other = await schedules.SaveAsync("tick", Every(TimeSpan.FromMinutes(20)), 1, Stop);
        Assert.Equal((2L, engine.Now.AddMinutes(20)), (other.Schedule.Revision, other.Schedule.NextAt!.Value));
        Assert.Equal(JobProblems.PreconditionFailed, await RefusalAsync(async () => (await schedules.SaveAsync("tick", Every(TimeSpan.FromMinutes(20)), 1, Stop)).Schedule));
    }

    [Theory]
    [InlineData("cron", "0 25 * * *")]
    [InlineData("cron", "0 0 30 2 *")]
    [InlineData("cron", null)]
    [InlineData("timeZone", "0 2 * * *", "Europe/Nowhere")]
    public async Task A_bad_time_names_its_field(string field, string? cron, string? zone = null)
    {
        await using var engine = await Engine.StartAsync();

        var refusal = await Assert.ThrowsAsync<JobProblemException>(
            () => Schedules(engine).CreateAsync("tick", new ScheduleDefinition { Cron = cron, TimeZone = zone, Job = new() { Type = "work" } }, Stop).AsTask());

        Assert.Equal($"#/{field}", Assert.Single(refusal.Problem.Errors).Pointer);
    }

    private int _calls;

    private static IScheduleClient Schedules(Engine engine, string subject = "alice") => engine.Get<IJobClients>().SchedulesFor(Engine.Caller(subject));

    private static async Task<DateTimeOffset?> FireAsync(Engine engine) => await engine.Sweep<ScheduleSweep>().FireDueAsync(Stop);

    private static async Task TickAsync(Engine engine)
    {
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await FireAsync(engine);
    }

    private static async Task<IReadOnlyList<Job>> JobsAsync(Engine engine) => (await engine.Client.ListAsync(JobFilter.All, cancellationToken: Stop)).Jobs;

    private static async Task<Job> JobOfAsync(Engine engine, ClaimedJob job) => (await engine.Client.FindAsync(job.Ticket.Key.Id, cancellationToken: Stop)).Job!;

    private static async Task<string> RefusalAsync<T>(Func<ValueTask<T>> act) => (await Assert.ThrowsAsync<JobProblemException>(() => act().AsTask())).Problem.Name;

    private static ScheduleDefinition Cron(string cron) => new() { Cron = cron, Job = new JobSubmission { Type = "work" } };

    private static ScheduleDefinition Every(TimeSpan every) => new() { Every = every, Job = new JobSubmission { Type = "work" } };
}
