using Errand.Storage;
using Errand.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Errand.Sessions;

/// <summary>A dead worker's jobs run again within a bound, and a living worker keeps its own, whatever clocks and store do meanwhile.</summary>
public sealed class StrangeClockTests
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task A_slow_store_is_no_strange_clock()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        await RoundsAsync(engine, reaper, 12);
        var job = await engine.SubmitAsync();
        await (await engine.OpenWorkerAsync()).ClaimOneAsync();

        // Each sweep takes longer than half a term, while the process goes on.
        engine.Faults.Before = (verb, _) => verb is StorageVerb.ListOrphans ? Pass(engine, rounds: 6) : ValueTask.CompletedTask;
        var begun = engine.Now;
        while ((await engine.FindAsync(job)).Head.State is JobState.Running)
        {
            await RoundsAsync(engine, reaper, 1);
            Assert.True(engine.Now - begun < TimeSpan.FromSeconds(5 + (2 * 3.5)), "Two slow sweeps after its term at the latest, a dead session has ended.");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Clocks_that_never_stop_jumping_hold_no_dead_worker_and_end_no_living_one(int seed)
    {
        var (random, clock) = (new Random(seed), new WallClock());
        await using var engine = await Engine.StartAsync(services: clock.Replace);
        var reaper = engine.Sweep<SessionReaper>();
        var (dead, living) = (await engine.OpenWorkerAsync(), await engine.OpenWorkerAsync());
        var (lost, kept) = (await engine.SubmitAsync(), await engine.SubmitAsync());
        await dead.ClaimOneAsync();
        var job = await living.ClaimOneAsync();
        for (var round = 1; round <= 60; round++)
        {
            clock.Offset += TimeSpan.FromSeconds(random.Next(-60, 60));
            await RoundsAsync(engine, reaper, 1);
            if (round % 2 == 0) Assert.True(await living.BeatAsync());
            if (round == 12) Assert.Equal((JobState.Queued, 1), ((await engine.FindAsync(lost)).Head.State, (await engine.FindAsync(lost)).Head.Losses));
        }

        Assert.False(await dead.BeatAsync());
        Assert.True(await living.SucceedAsync(job));
        Assert.Equal(0, (await engine.FindAsync(kept)).Head.Losses);
    }

    [Fact]
    public async Task A_clock_that_goes_back_holds_no_dead_worker()
    {
        var clock = new WallClock();
        await using var engine = await Engine.StartAsync(services: clock.Replace);
        var reaper = engine.Sweep<SessionReaper>();
        await RoundsAsync(engine, reaper, 12);
        var job = await engine.SubmitAsync();
        await (await engine.OpenWorkerAsync()).ClaimOneAsync();

        clock.Offset = TimeSpan.FromHours(-1);
        await RoundsAsync(engine, reaper, 12);
        Assert.Equal(JobState.Queued, (await engine.FindAsync(job)).Head.State);
    }

    [Fact]
    public async Task A_process_that_is_stopped_again_and_again_ends_no_living_worker()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        var living = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        var job = await living.ClaimOneAsync();
        for (var stop = 0; stop < 10; stop++)
        {
            engine.Time.Advance(TimeSpan.FromSeconds(20));
            await RoundsAsync(engine, reaper, 3);
            Assert.True(await living.BeatAsync());
        }

        Assert.True(await living.SucceedAsync(job));
    }

    [Fact]
    public async Task A_store_that_was_away_ends_no_session_before_the_living_could_beat()
    {
        await using var engine = await Engine.StartAsync();
        var reaper = engine.Sweep<SessionReaper>();
        await RoundsAsync(engine, reaper, 12);
        var living = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        var job = await living.ClaimOneAsync();

        engine.Faults.Before = (_, _) => throw new StorageException(StorageFault.Unavailable, "The store is away.");
        for (var round = 0; round < 40; round++)
        {
            engine.Time.Advance(Round);
            await Assert.ThrowsAsync<StorageException>(async () => await reaper.SweepAsync(CancellationToken.None));
        }

        engine.Faults.Before = null;
        await RoundsAsync(engine, reaper, 2);
        Assert.True(await living.BeatAsync());
        Assert.True(await living.SucceedAsync(job));

        // And whoever died meanwhile is found out.
        await RoundsAsync(engine, reaper, 22);
        Assert.False(await living.BeatAsync());
    }

    [Fact]
    public async Task A_session_that_stays_silent_is_charged_with_what_it_ran_and_no_more()
    {
        var clock = new WallClock();
        await using var engine = await Engine.StartAsync(services: clock.Replace);
        var reaper = engine.Sweep<SessionReaper>();
        for (var i = 0; i < 4; i++) await engine.SubmitAsync();
        var claimed = await (await engine.OpenWorkerAsync(slots: 2)).ClaimAsync(4);

        clock.Offset = TimeSpan.FromHours(-1);
        await RoundsAsync(engine, reaper, 12);
        var heads = new List<JobHead>();
        foreach (var job in claimed) heads.Add((await engine.Client.FindAsync(job.Head.Id)).Job!.Head);
        Assert.Equal([1, 1, 0, 0], heads.Select(head => head.Losses));
        Assert.All(heads, head => Assert.Equal(JobState.Queued, head.State));
    }

    private static async Task RoundsAsync(Engine engine, SessionReaper reaper, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            engine.Time.Advance(Round);
            await reaper.SweepAsync(CancellationToken.None);
        }
    }

    private static ValueTask Pass(Engine engine, int rounds)
    {
        for (var round = 0; round < rounds; round++) engine.Time.Advance(Round);
        return ValueTask.CompletedTask;
    }

    /// <summary>A wall clock that is set while time goes on.</summary>
    private sealed class WallClock : TimeProvider
    {
        private TimeProvider _time = null!;

        public TimeSpan Offset { get; set; }

        public override long TimestampFrequency => _time.TimestampFrequency;

        public void Replace(IServiceCollection services)
        {
            var time = services.Last(service => service.ServiceType == typeof(TimeProvider));
            _time = (TimeProvider)time.ImplementationInstance!;
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(this));
        }

        public override DateTimeOffset GetUtcNow() => _time.GetUtcNow() + Offset;

        public override long GetTimestamp() => _time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _time.CreateTimer(callback, state, dueTime, period);
    }
}
