using Errand.Work;

namespace Errand.Worker.Tests;

public sealed class AttemptTests : IAsyncDisposable
{
    private readonly WorkerHarness _harness = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task A_job_is_run_and_its_outcome_is_settled()
    {
        await _harness.Handle((context, _) => new(new JobOutcome.Succeeded(context.Input.Json))).StartAsync();
        var job = _harness.Source.Submit(input: "42");

        var settled = await _harness.SettledAsync();

        Assert.Equal(job.Head.Id, settled.Ticket.Key.Id);
        Assert.Equal("42"u8.ToArray(), Assert.IsType<JobOutcome.Succeeded>(settled.Outcome).Result.ToArray());
    }

    [Fact]
    public async Task An_exception_is_a_retryable_failure_with_its_text_apart()
    {
        await _harness.Handle((_, _) => throw new InvalidOperationException("the secret of the trade")).StartAsync();
        _harness.Source.Submit();

        var error = Assert.IsType<JobOutcome.Failed>((await _harness.SettledAsync()).Outcome).Error;

        Assert.Equal(JobErrorCodes.HandlerException, error.Code);
        Assert.True(error.Retryable);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Contains("the secret of the trade", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejection_is_not_retryable_and_keeps_its_words()
    {
        await _harness.Handle((_, _) => throw new JobRejectedException("no such customer", "customer_unknown")).StartAsync();
        _harness.Source.Submit();

        var error = Assert.IsType<JobOutcome.Failed>((await _harness.SettledAsync()).Outcome).Error;

        Assert.Equal(new JobError("customer_unknown", "no such customer"), error);
    }

    [Fact]
    public async Task A_cancel_reaches_the_running_handler()
    {
        await _harness.Handle(UntilStopped).StartAsync();
        _harness.Source.Submit();
        await WorkerHarness.Within(_started.Task);

        CancelAll();

        Assert.IsType<JobOutcome.Canceled>((await _harness.SettledAsync()).Outcome);
    }

    [Fact]
    public async Task A_cancel_that_overtakes_the_answer_of_the_claim_is_not_lost()
    {
        await _harness.Handle(UntilStopped).StartAsync();
        _harness.Source.Claimed = jobs =>
        {
            foreach (var job in jobs) _harness.Source.Listener!.OnCancel(job.Ticket);
        };
        _harness.Source.Submit();

        Assert.IsType<JobOutcome.Canceled>((await _harness.SettledAsync()).Outcome);
        Assert.False(_started.Task.IsCompleted, "a job that was canceled before it started must not run");
    }

    [Fact]
    public async Task A_cancel_that_loses_the_race_to_success_changes_nothing()
    {
        var go = new TaskCompletionSource();
        await _harness.Handle(async (_, _) =>
        {
            _started.SetResult();
            await go.Task;
            return JobOutcome.Succeeded.Empty;
        }).StartAsync();
        _harness.Source.Submit();
        await WorkerHarness.Within(_started.Task);
        CancelAll();

        go.SetResult();

        Assert.IsType<JobOutcome.Succeeded>((await _harness.SettledAsync()).Outcome);
    }

    [Fact]
    public async Task An_attempt_past_its_timeout_fails_and_may_be_retried()
    {
        await _harness.Handle(UntilStopped).StartAsync();
        _harness.Source.Submit(details: new JobDetails { Timeout = TimeSpan.FromMinutes(1) });
        await WorkerHarness.Within(_started.Task);

        _harness.Clock.Advance(TimeSpan.FromMinutes(1));

        var error = Assert.IsType<JobOutcome.Failed>((await _harness.SettledAsync()).Outcome).Error;
        Assert.Equal(JobErrorCodes.AttemptTimeout, error.Code);
        Assert.True(error.Retryable);
    }

    [Fact]
    public async Task A_job_that_names_no_timeout_has_that_of_its_type()
    {
        await _harness.Handle(UntilStopped, timeout: TimeSpan.FromSeconds(3)).StartAsync();
        _harness.Source.Submit();
        await WorkerHarness.Within(_started.Task);

        _harness.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(JobErrorCodes.AttemptTimeout, Assert.IsType<JobOutcome.Failed>((await _harness.SettledAsync()).Outcome).Error.Code);
    }

    [Fact]
    public async Task A_job_still_running_at_its_deadline_fails_for_good()
    {
        await _harness.Handle(UntilStopped).StartAsync();
        var deadline = _harness.Clock.GetUtcNow().AddMinutes(5);
        _harness.Source.Submit(head: head => head with { Deadline = deadline });
        await WorkerHarness.Within(_started.Task);

        _harness.Clock.Advance(TimeSpan.FromMinutes(5));

        var error = Assert.IsType<JobOutcome.Failed>((await _harness.SettledAsync()).Outcome).Error;
        Assert.Equal(JobErrorCodes.DeadlineExceeded, error.Code);
        Assert.False(error.Retryable);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_cancel_is_settled_after_the_grace_and_keeps_its_slot()
    {
        var hang = new TaskCompletionSource();
        await _harness.Handle(async (_, _) =>
        {
            _started.TrySetResult();
            await hang.Task;
            return JobOutcome.Succeeded.Empty;
        }).StartAsync(options => options.Slots = 1);
        var stubborn = _harness.Source.Submit();
        await WorkerHarness.Within(_started.Task);
        CancelAll();
        _harness.Clock.Advance(TimeSpan.FromSeconds(10));

        var settled = await _harness.SettledAsync();
        Assert.Equal(stubborn.Head.Id, settled.Ticket.Key.Id);
        Assert.IsType<JobOutcome.Canceled>(settled.Outcome);

        var next = _harness.Source.Submit();
        Assert.False(_harness.Source.Settled.Reader.TryRead(out _));
        hang.SetResult();
        settled = await _harness.SettledAsync();
        Assert.Equal(next.Head.Id, settled.Ticket.Key.Id);
        Assert.IsType<JobOutcome.Succeeded>(settled.Outcome);
    }

    [Fact]
    public async Task What_was_reported_is_written_before_the_outcome()
    {
        await _harness.Handle(async (context, token) =>
        {
            context.Report(new JobProgress { Percent = double.NaN, Completed = 3 });
            await context.LogAsync(JobSeverity.Warning, "half way", cancellationToken: token);
            return JobOutcome.Succeeded.Empty;
        }).StartAsync();
        _harness.Source.Submit();
        await _harness.SettledAsync();

        Assert.Equal(["messages", "flush", "settle Succeeded"], _harness.Source.Events);
        Assert.Null(Assert.Single(_harness.Source.Progress).Percent);
        Assert.Equal("half way", Assert.Single(_harness.Source.Messages).Text);
    }

    [Fact]
    public async Task Nothing_that_is_said_after_the_end_counts_and_late_progress_does_not_throw()
    {
        JobContext? kept = null;
        await _harness.Handle((context, _) =>
        {
            kept = context;
            return new(JobOutcome.Succeeded.Empty);
        }).StartAsync();
        _harness.Source.Submit();
        await _harness.SettledAsync();

        kept!.Report(new JobProgress { Percent = 50 });

        Assert.Empty(_harness.Source.Progress);
        await Assert.ThrowsAsync<LeaseLostException>(async () => await kept.LogAsync(JobSeverity.Info, "late"));
    }

    [Fact]
    public async Task A_type_that_is_not_known_here_is_put_off_and_not_lost()
    {
        await _harness.Handle((_, _) => new(JobOutcome.Succeeded.Empty)).StartAsync();
        _harness.Source.Submit("somebody.elses");

        Assert.IsType<JobOutcome.Snoozed>((await _harness.SettledAsync()).Outcome);
    }

    private async ValueTask<JobOutcome> UntilStopped(JobContext context, CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, _harness.Clock, cancellationToken);
        return JobOutcome.Succeeded.Empty;
    }

    private void CancelAll()
    {
        foreach (var attempt in _harness.Worker.Session!.Attempts) _harness.Source.Listener!.OnCancel(attempt.Ticket);
    }
}
