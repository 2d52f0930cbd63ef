using Errand.Storage;

namespace Errand.Worker.Tests;

public sealed class SessionTests : IAsyncDisposable
{
    private readonly WorkerHarness _harness = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CancellationToken> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SessionTests()
    {
        _harness.Source.BeatEvery = TimeSpan.FromSeconds(1);
        _harness.Source.Term = TimeSpan.FromSeconds(5);
    }

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task A_lost_session_stops_its_handlers_reports_nothing_and_is_replaced()
    {
        await StartJobAsync();
        var first = await OpenedAsync();
        _harness.Source.Beat = session => session != first;

        await _harness.AdvanceUntilAsync(_stopped.Task, TimeSpan.FromSeconds(1));
        await OpenedAsync();
        await _harness.StopAsync();

        Assert.Equal(["close"], _harness.Source.Events);
    }

    [Fact]
    public async Task A_session_that_cannot_be_renewed_stops_its_handlers_one_beat_before_it_expires()
    {
        await StartJobAsync();
        var opened = _harness.Clock.GetUtcNow();
        _harness.Source.Beat = _ => throw new StorageException(StorageFault.Unavailable, "the store is away");

        await _harness.AdvanceUntilAsync(_stopped.Task, TimeSpan.FromMilliseconds(10));

        var after = _harness.Clock.GetUtcNow() - opened;
        Assert.True(after >= TimeSpan.FromSeconds(4), $"it was stopped after {after}, although it could have been renewed until 4 s");
        Assert.Empty(_harness.Source.Events);
    }

    [Fact]
    public async Task A_beat_that_hangs_in_the_store_does_not_keep_the_handlers_from_being_stopped()
    {
        await StartJobAsync();
        using var hang = new ManualResetEventSlim();
        _harness.Source.Beat = _ =>
        {
            hang.Wait();
            return true;
        };

        await _harness.AdvanceUntilAsync(_stopped.Task, TimeSpan.FromMilliseconds(100));

        hang.Set();
    }

    [Fact]
    public async Task A_claim_that_fails_after_it_has_cost_the_session_is_followed_by_another_session()
    {
        using var hang = new ManualResetEventSlim();
        _harness.Source.Claimed = _ =>
        {
            hang.Wait();
            throw new OutcomeUnknownException("the store went away during the claim");
        };
        await _harness.Handle((_, _) => new(JobOutcome.Succeeded.Empty)).StartAsync();
        var first = await OpenedAsync();
        await WorkerHarness.Within(_harness.Source.Demands.Reader.ReadAsync().AsTask());
        _harness.Source.Beat = session => session != first;
        var lost = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var mark = _harness.Worker.Session!.Lost.Register(() => lost.TrySetResult(true));
        await _harness.AdvanceUntilAsync(lost.Task, TimeSpan.FromSeconds(1));

        _harness.Source.Claimed = _ => { };
        hang.Set();
        await OpenedAsync();
        _harness.Source.Submit();
        Assert.IsType<JobOutcome.Succeeded>((await _harness.SettledAsync()).Outcome);
    }

    [Fact]
    public async Task A_beat_that_fails_when_its_session_is_over_does_not_end_the_process()
    {
        await StartJobAsync();
        var first = await OpenedAsync();
        using var hang = new ManualResetEventSlim();
        var thrown = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        _harness.Source.Beat = session =>
        {
            if (session != first) return true;
            hang.Wait();
            thrown.TrySetResult(Thread.CurrentThread);
            throw new StorageException(StorageFault.Unavailable, "the store was away");
        };
        await _harness.AdvanceUntilAsync(_stopped.Task, TimeSpan.FromMilliseconds(100));
        await OpenedAsync();

        // Unhandled on this thread it would end this process, and with it every test.
        hang.Set();
        Assert.True((await WorkerHarness.Within(thrown.Task)).Join(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Beats_go_on_while_the_thread_pool_is_starved()
    {
        _harness.Source.BeatEvery = TimeSpan.FromMilliseconds(5);
        using var beats = new CountdownEvent(20);
        using var release = new ManualResetEventSlim();
        await _harness.Handle((_, _) => new(JobOutcome.Succeeded.Empty)).StartAsync(clock: TimeProvider.System);
        await OpenedAsync();

        var starving = Enumerable.Range(0, 200).Select(_ => Task.Run(release.Wait)).ToArray();
        _harness.Source.Beat = _ => !beats.IsSet && beats.Signal() | true;
        var went = beats.Wait(TimeSpan.FromSeconds(10));
        release.Set();

        await Task.WhenAll(starving);
        Assert.True(went, "the session would have been lost although the process lives");
    }

    [Fact]
    public async Task A_session_says_what_it_can_run_and_where()
    {
        await _harness.Handle((_, _) => new(JobOutcome.Succeeded.Empty), "b.job").Handle((_, _) => new(JobOutcome.Succeeded.Empty), "a.job")
            .StartAsync(options =>
            {
                options.Slots = 3;
                options.Queues.Add("bulk");
            });
        await OpenedAsync();

        Assert.Equal(["a.job", "b.job"], _harness.Source.Request!.Types);
        Assert.Equal(["bulk"], _harness.Source.Request.Queues);
        Assert.Equal(3, _harness.Source.Request.Slots);
    }

    private async Task StartJobAsync()
    {
        await _harness.Handle(async (_, token) =>
        {
            token.Register(() => _stopped.TrySetResult(token));
            _started.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return JobOutcome.Succeeded.Empty;
        }).StartAsync();
        _harness.Source.Submit();
        await WorkerHarness.Within(_started.Task);
    }

    private async Task<SessionId> OpenedAsync() => (await WorkerHarness.Within(_harness.Source.Opened.Reader.ReadAsync().AsTask())).Id;
}
