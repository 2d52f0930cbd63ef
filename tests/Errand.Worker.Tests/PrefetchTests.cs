namespace Errand.Worker.Tests;

public sealed class PrefetchTests
{
    [Fact]
    public void Quick_handlers_get_jobs_ahead_and_slow_ones_none()
    {
        var gauge = new PrefetchGauge(slots: 4, most: 1000);
        Assert.Equal(0, gauge.Ahead());

        Assert.Equal(1000, After(gauge, TimeSpan.FromMicroseconds(20)));
        Assert.InRange(After(gauge, TimeSpan.FromMilliseconds(10)), 18, 22);
        Assert.Equal(0, After(gauge, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Jobs_that_wait_too_long_end_the_claiming_ahead_at_once()
    {
        var gauge = new PrefetchGauge(slots: 4, most: 1000);
        After(gauge, TimeSpan.FromMicroseconds(20));

        gauge.Stuck();

        Assert.Equal(0, gauge.Ahead());
    }

    [Fact]
    public void What_is_wanted_is_shared_out_to_the_queues_and_never_exceeded()
    {
        var plan = new DemandPlan(["a", "b", "c"]);

        Assert.Equal([("a", 4), ("b", 3), ("c", 3)], plan.For(10).Select(demand => (demand.Queue, demand.Limit)));
        Assert.Equal([("a", 1), ("b", 1)], plan.For(2).Select(demand => (demand.Queue, demand.Limit)));
        Assert.Equal([("c", 1), ("a", 1)], plan.For(2).Select(demand => (demand.Queue, demand.Limit)));
        Assert.Equal(2, plan.Round(2));
        Assert.Equal(3, plan.Round(1));
        Assert.Equal(1, plan.Round(100));
    }

    [Fact]
    public async Task Jobs_claimed_ahead_that_wait_behind_slow_ones_are_given_back()
    {
        await using var harness = new WorkerHarness();
        harness.Source.BeatEvery = TimeSpan.FromSeconds(1);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource();
        await harness.Handle(async (context, _) =>
        {
            if (context.Input.Json.IsEmpty) return JobOutcome.Succeeded.Empty;
            started.TrySetResult();
            await go.Task;
            return JobOutcome.Succeeded.Empty;
        }).StartAsync(options => options.Slots = 1);
        for (var i = 0; i < 2000; i++) harness.Source.Submit();
        for (var i = 0; i < 50; i++) harness.Source.Submit(input: "true");
        for (var i = 0; i < 2000; i++) await harness.SettledAsync();
        await WorkerHarness.Within(started.Task);

        var released = await harness.AdvanceUntilAsync(harness.Source.Settled.Reader.ReadAsync().AsTask(), TimeSpan.FromSeconds(1));

        Assert.IsType<JobOutcome.Released>(released.Outcome);
        go.SetResult();
    }

    private static int After(PrefetchGauge gauge, TimeSpan duration)
    {
        var ahead = 0;
        for (var claim = 0; claim < 20; claim++)
        {
            for (var run = 0; run < 10; run++) gauge.Ran(duration);
            ahead = gauge.Ahead();
        }

        return ahead;
    }
}
