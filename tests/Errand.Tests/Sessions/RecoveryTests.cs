using Errand.Storage;
using Errand.Storage.Memory;
using Errand.Work;

namespace Errand.Sessions;

public sealed class RecoveryTests
{
    [Fact]
    public async Task Jobs_of_a_silent_worker_run_again_within_expiry_and_a_second()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        var dead = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var lost = await dead.ClaimOneAsync();

        await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(4.5));
        Assert.Equal(JobState.Running, (await engine.FindAsync(job)).Head.State);
        await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(1));

        var alive = await engine.OpenWorkerAsync();
        var again = await alive.ClaimOneAsync();
        Assert.Equal((2, 0, 1), (again.Head.Attempt, again.Head.Failures, again.Head.Losses));
        Assert.True(again.Head.Token > lost.Head.Token);
        Assert.False(await dead.SucceedAsync(lost));
        Assert.False(await dead.BeatAsync());
        Assert.True(await alive.SucceedAsync(again));
        var attempt = Assert.Single((await engine.FindAsync(job)).Attempts!);
        Assert.Equal((JobAttemptOutcome.Lost, JobErrorCodes.WorkerLost), (attempt.Outcome, attempt.Error!.Code));
    }

    [Fact]
    public async Task A_worker_that_beats_keeps_its_jobs()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        var job = await worker.ClaimOneAsync();
        for (var i = 0; i < 30; i++)
        {
            engine.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await worker.BeatAsync());
            await reaper.SweepAsync(CancellationToken.None);
        }

        Assert.True(await worker.SucceedAsync(job));
    }

    [Fact]
    public async Task The_third_loss_parks_the_job()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        var job = await engine.SubmitAsync(change: job => job with { MaxAttempts = 1 });
        for (var i = 0; i < 3; i++)
        {
            await (await engine.OpenWorkerAsync()).ClaimOneAsync();
            await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(5.5));
        }

        var parked = await engine.FindAsync(job);
        Assert.Equal(
            (JobState.Failed, JobErrorCodes.Poison, 3, 0), (parked.Head.State, parked.Head.Error!.Code, parked.Head.Losses, parked.Head.Failures));
        Assert.Equal(3, parked.Attempts!.Count);
    }

    [Fact]
    public async Task What_was_fetched_ahead_is_not_charged()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        for (var i = 0; i < 5; i++) await engine.SubmitAsync();
        var claimed = await (await engine.OpenWorkerAsync(slots: 2)).ClaimAsync(5);
        await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(5.5));

        var heads = new List<JobHead>();
        foreach (var job in claimed) heads.Add((await engine.Client.FindAsync(job.Head.Id)).Job!.Head);
        Assert.Equal([1, 1, 0, 0, 0], heads.Select(head => head.Losses));
        Assert.Equal([1, 1, 0, 0, 0], heads.Select(head => head.Attempt));
    }

    [Fact]
    public async Task Suspects_run_one_at_a_time()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        for (var i = 0; i < 3; i++) await engine.SubmitAsync();
        await (await engine.OpenWorkerAsync()).ClaimAsync(3);
        await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(5.5));
        await engine.SubmitAsync();

        var (one, two) = (await engine.OpenWorkerAsync(), await engine.OpenWorkerAsync());
        var first = await one.ClaimAsync();
        Assert.Equal(2, first.Count);
        var suspect = Assert.Single(first, job => job.Head.Losses > 0);
        Assert.Empty(await two.ClaimAsync());
        Assert.Equal("waiting_turn", (await engine.Client.WhyAsync((await WaitingAsync(engine)).Head.Id)).Code);

        var waiting = two.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        await one.SucceedAsync(suspect);
        await waiting;
        Assert.Equal(1, (await two.ClaimOneAsync()).Head.Losses);
    }

    [Fact]
    public async Task Closing_a_session_gives_its_jobs_back_at_once()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        await worker.ClaimOneAsync();
        await engine.Source.CloseAsync(worker.Session.Id, CancellationToken.None);
        Assert.False(await worker.BeatAsync());
        var back = await engine.FindAsync(job);
        Assert.Equal((JobState.Queued, 0, 0), (back.Head.State, back.Head.Attempt, back.Head.Losses));
        Assert.Equal(1, (await (await engine.OpenWorkerAsync()).ClaimOneAsync()).Head.Attempt);
    }

    [Fact]
    public async Task A_cancel_holds_when_the_worker_is_lost()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        var job = await engine.SubmitAsync();
        await (await engine.OpenWorkerAsync()).ClaimOneAsync();
        await engine.Client.CancelAsync(job.Head.Id);
        await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(5.5));
        Assert.Equal(JobState.Canceled, (await engine.FindAsync(job)).Head.State);
    }

    [Fact]
    public async Task A_clock_that_jumps_ends_no_session_for_one_term()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        var job = await worker.ClaimOneAsync();
        await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(1));

        engine.Time.AdjustTime(engine.Now.AddHours(1));
        await reaper.SweepAsync(CancellationToken.None);
        await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(2));
        Assert.True(await worker.BeatAsync());
        Assert.True(await worker.SucceedAsync(job));
    }

    [Fact]
    public async Task A_process_that_was_stopped_ends_no_session_before_the_living_could_beat()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        var job = await worker.ClaimOneAsync();
        await reaper.SweepAsync(CancellationToken.None);

        engine.Time.Advance(TimeSpan.FromMinutes(10));
        await reaper.SweepAsync(CancellationToken.None);
        Assert.True(await worker.BeatAsync());
        await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(4));
        Assert.True(await worker.SucceedAsync(job));

        await engine.SubmitAsync();
        await worker.ClaimOneAsync();
        await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(8));
        Assert.False(await worker.BeatAsync());
    }

    [Fact]
    public async Task A_restarted_server_takes_the_jobs_of_its_dead_self_back_at_once()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync();
        await (await engine.OpenWorkerAsync()).ClaimOneAsync();
        await engine.Sweep<SessionReaper>().RecoverAsync(CancellationToken.None);
        Assert.Equal((JobState.Queued, 1), ((await engine.FindAsync(job)).Head.State, (await engine.FindAsync(job)).Head.Losses));
    }

    [Fact]
    public async Task Jobs_of_a_claim_whose_answer_was_lost_go_back_uncharged()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        engine.Faults.After = verb => verb == StorageVerb.Claim ? throw new OutcomeUnknownException("Lost.") : ValueTask.CompletedTask;
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await worker.ClaimAsync());
        engine.Faults.After = null;

        Assert.False(await worker.BeatAsync());
        await reaper.SweepAsync(CancellationToken.None);
        var back = await engine.FindAsync(job);
        Assert.Equal((JobState.Queued, 0, 0), (back.Head.State, back.Head.Attempt, back.Head.Losses));
    }

    [Fact]
    public async Task A_dead_session_is_forgotten()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        var dead = await engine.OpenWorkerAsync();
        var alive = await engine.OpenWorkerAsync();
        for (var i = 0; i < 14; i++)
        {
            Assert.True(await alive.BeatAsync());
            await BeatlessAsync(engine, reaper, TimeSpan.FromSeconds(0.5));
        }

        Assert.Equal(alive.Session.Id, Assert.Single(engine.Get<LiveSessions>().Ids));
        Assert.Empty(await dead.ClaimAsync());
    }

    /// <summary>Time passes in steps of the reaper's, and nobody beats.</summary>
    private static async Task BeatlessAsync(Engine engine, SessionReaper reaper, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += reaper.Every)
        {
            engine.Time.Advance(reaper.Every);
            await reaper.SweepAsync(CancellationToken.None);
        }
    }

    private static async Task<Job> WaitingAsync(Engine engine) =>
        (await engine.Client.ListAsync(new JobFilter { Statuses = [JobStatus.Queued] })).Jobs[0];
}
