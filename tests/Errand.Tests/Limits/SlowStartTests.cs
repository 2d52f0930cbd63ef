using Errand.Storage;
using Errand.Storage.Memory;

namespace Errand.Limits;

/// <summary>After a start, a resume and an outage a backlog meets a few slots first.</summary>
public sealed class SlowStartTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4.9, 4)]
    [InlineData(5, 8)]
    [InlineData(9.9, 8)]
    [InlineData(10, SlowStart.All)]
    public void Slots_double_by_time_and_all_are_open_when_it_is_over(double seconds, int open) =>
        Assert.Equal(open, new SlowStart(16, 0.25, Ten).Open(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Each_success_opens_one_more_so_that_a_round_that_goes_well_doubles_them()
    {
        var start = new SlowStart(16, 0.25, Ten);
        for (var n = 0; n < 4; n++) start.Succeeded();
        Assert.Equal(8, start.Open(TimeSpan.Zero));
        for (var n = 0; n < 8; n++) start.Succeeded();
        Assert.Equal(SlowStart.All, start.Open(TimeSpan.Zero));
    }

    [Theory]
    [InlineData(1, 0.25)]
    [InlineData(3, 0.01)]
    [InlineData(10_000, 0.0001)]
    [InlineData(7, 1)]
    public void Some_are_open_then_more_never_fewer_and_the_next_step_is_where_it_says(int slots, double from)
    {
        var start = new SlowStart(slots, from, Ten);
        var (elapsed, open) = (TimeSpan.Zero, start.Open(TimeSpan.Zero));
        Assert.True(open >= 1);
        for (var step = 0; open != SlowStart.All; step++)
        {
            Assert.True(step < 15, "it takes more steps than there are doublings");
            elapsed += start.UntilMore(elapsed) + TimeSpan.FromTicks(1);
            var next = start.Open(elapsed);
            Assert.True(next > open, $"nothing opened after {elapsed}");
            open = next;
        }

        Assert.True(elapsed <= Ten + TimeSpan.FromTicks(15));
    }

    [Fact]
    public async Task A_new_worker_meets_a_backlog_step_by_step_and_is_woken_at_each()
    {
        await using var engine = await StartAsync(jobs: 100);
        var worker = await engine.OpenWorkerAsync(slots: 16);
        Assert.Equal(4, (await worker.ClaimAsync(20)).Count);
        Assert.Empty(await worker.ClaimAsync(20));

        var waiting = worker.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        engine.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(waiting.IsCompleted);
        engine.Time.Advance(TimeSpan.FromSeconds(1.01));
        await waiting;
        Assert.Equal(4, (await worker.ClaimAsync(20)).Count);

        engine.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(20, (await worker.ClaimAsync(20)).Count);
    }

    [Fact]
    public async Task A_success_wakes_the_worker_for_two_and_a_failure_for_one()
    {
        await using var engine = await StartAsync(jobs: 100);
        var worker = await engine.OpenWorkerAsync(slots: 16);
        var running = await worker.ClaimAsync(20);

        var waiting = worker.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        await worker.FailAsync(running[0], retryable: false);
        await waiting;
        Assert.Single(await worker.ClaimAsync(20));
        waiting = worker.WaitForWorkAsync(TimeSpan.FromMinutes(1));
        await worker.SucceedAsync(running[1]);
        await waiting;
        Assert.Equal(2, (await worker.ClaimAsync(20)).Count);
    }

    [Fact]
    public async Task A_resumed_queue_starts_slowly_and_the_others_go_on()
    {
        await using var engine = await StartAsync();
        var queues = engine.Get<IJobQueues>();
        var worker = await engine.OpenWorkerAsync(slots: 16);
        engine.Time.Advance(Ten);
        await queues.SaveAsync(new QueueSettings("default", Paused: true));
        for (var n = 0; n < 20; n++) await engine.SubmitAsync();
        for (var n = 0; n < 4; n++) await engine.SubmitAsync(change: job => job with { Queue = "other" });
        await queues.SaveAsync(new QueueSettings("default"));

        var claimed = await worker.ClaimAsync(20);

        Assert.Equal(4, claimed.Count(job => job.Head.Queue == "default"));
        Assert.Equal(4, claimed.Count(job => job.Head.Queue == "other"));
        engine.Time.Advance(Ten);
        Assert.Equal(16, (await worker.ClaimAsync(20)).Count);
    }

    [Fact]
    public async Task After_an_outage_of_the_store_slots_open_slowly_again()
    {
        await using var engine = await StartAsync(jobs: 40);
        var worker = await engine.OpenWorkerAsync(slots: 16);
        engine.Time.Advance(Ten);
        engine.Faults.Before = (verb, _) => verb == StorageVerb.Claim ? throw new StorageException(StorageFault.Unavailable, "away") : default;
        await Assert.ThrowsAsync<StorageException>(async () => await worker.ClaimAsync(20));
        engine.Time.Advance(Ten);
        engine.Faults.Before = null;

        Assert.Equal(4, (await worker.ClaimAsync(20)).Count);
        engine.Time.Advance(Ten);
        Assert.Equal(20, (await worker.ClaimAsync(20)).Count);
    }

    private static async Task<Engine> StartAsync(int jobs = 0)
    {
        var engine = await Engine.StartAsync(options: set => set.SlowStart = Ten);
        for (var n = 0; n < jobs; n++) await engine.SubmitAsync();
        return engine;
    }
}
