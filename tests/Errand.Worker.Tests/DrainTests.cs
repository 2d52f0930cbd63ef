using Errand.Work;

namespace Errand.Worker.Tests;

public sealed class DrainTests : IAsyncDisposable
{
    private readonly WorkerHarness _harness = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task A_running_job_may_finish_and_the_session_is_closed_after_its_outcome()
    {
        await _harness.Handle(async (_, _) =>
        {
            _started.TrySetResult();
            await _go.Task;
            return JobOutcome.Succeeded.Empty;
        }).StartAsync();
        _harness.Source.Submit();
        await WorkerHarness.Within(_started.Task);

        var stopping = _harness.StopAsync();
        Assert.False(stopping.IsCompleted);
        _go.SetResult();
        await WorkerHarness.Within(stopping);

        Assert.Equal(["settle Succeeded", "close"], _harness.Source.Events);
    }

    [Fact]
    public async Task A_job_that_does_not_finish_in_time_is_stopped_and_given_back()
    {
        await _harness.Handle(async (_, token) =>
        {
            _started.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _harness.Clock, token);
            return JobOutcome.Succeeded.Empty;
        }).StartAsync(options => options.DrainTimeout = TimeSpan.FromSeconds(30));
        _harness.Source.Submit();
        await WorkerHarness.Within(_started.Task);

        var stopping = _harness.StopAsync();
        await _harness.AdvanceUntilAsync(Bool(stopping), TimeSpan.FromSeconds(1));

        Assert.Equal(["settle Released", "close"], _harness.Source.Events);
    }

    [Fact]
    public async Task A_job_that_does_not_even_stop_is_given_back_without_its_handler()
    {
        await _harness.Handle(async (_, _) =>
        {
            _started.TrySetResult();
            await _go.Task;
            return JobOutcome.Succeeded.Empty;
        }).StartAsync();
        _harness.Source.Submit();
        await WorkerHarness.Within(_started.Task);

        await _harness.AdvanceUntilAsync(Bool(_harness.StopAsync()), TimeSpan.FromSeconds(1));

        Assert.Equal(["settle Released", "close"], _harness.Source.Events);
        _go.SetResult();
    }

    [Fact]
    public async Task The_hosts_own_limit_ends_the_wait_for_handlers()
    {
        await _harness.Handle(async (_, token) =>
        {
            _started.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _harness.Clock, token);
            return JobOutcome.Succeeded.Empty;
        }).StartAsync();
        _harness.Source.Submit();
        await WorkerHarness.Within(_started.Task);

        await WorkerHarness.Within(_harness.Worker.StopAsync(new CancellationToken(canceled: true)));

        Assert.Equal(["settle Released", "close"], _harness.Source.Events);
    }

    [Fact]
    public async Task Jobs_that_never_started_go_back_at_once()
    {
        // Quick handlers first, so that the worker claims ahead; then one that holds the only slot.
        await _harness.Handle(async (context, _) =>
        {
            if (context.Input.Json.IsEmpty) return JobOutcome.Succeeded.Empty;
            _started.TrySetResult();
            await _go.Task;
            return JobOutcome.Succeeded.Empty;
        }).StartAsync(options => options.Slots = 1);
        for (var i = 0; i < 1000; i++) _harness.Source.Submit();
        for (var i = 0; i < 1000; i++) await _harness.SettledAsync();
        for (var i = 0; i < 20; i++) _harness.Source.Submit(input: "true");
        await WorkerHarness.Within(_started.Task);

        await WorkerHarness.Within(_harness.Worker.StoppingAsync(CancellationToken.None));
        var waiting = _harness.Worker.Session!.Attempts.Count();
        _go.SetResult();
        await WorkerHarness.Within(_harness.StopAsync());

        Assert.Equal(1, waiting);
        Assert.Equal(1, _harness.Source.Events.Count(e => e == "settle Succeeded") - 1000);
        Assert.Equal("close", _harness.Source.Events[^1]);
    }

    private static async Task<bool> Bool(Task task)
    {
        await task;
        return true;
    }
}
