namespace Errand.Lifecycle;

public sealed class OutcomeTests
{
    [Fact]
    public async Task A_retryable_failure_waits_and_runs_again()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        await worker.SettleAsync(
            await worker.ClaimOneAsync(), new JobOutcome.Failed(new JobError("busy", "Busy.", Retryable: true), TimeSpan.FromSeconds(30)));

        var waiting = await engine.FindAsync(job);
        Assert.Equal(JobStatus.Scheduled, waiting.Head.StatusAt(engine.Now));
        Assert.Equal(engine.Now.AddSeconds(30), waiting.Head.DueAt);
        Assert.Equal((1, 1, 0), (waiting.Head.Attempt, waiting.Head.Failures, waiting.Head.Losses));
        Assert.Equal("busy", waiting.Head.Error!.Code);
        Assert.Empty(await worker.ClaimAsync());

        engine.Time.Advance(TimeSpan.FromSeconds(30));
        var again = await worker.ClaimOneAsync();
        Assert.Equal(2, again.Head.Attempt);
        await worker.SucceedAsync(again);
        var done = await engine.FindAsync(job);
        Assert.Equal(JobState.Succeeded, done.Head.State);
        Assert.Null(done.Head.Error);
        var attempt = Assert.Single(done.Attempts!);
        Assert.Equal((1, JobAttemptOutcome.Failed, "test-1"), (attempt.Number, attempt.Outcome, attempt.Worker));
    }

    [Theory]
    [InlineData("handler_exception", 3, "attempts_exhausted", "The last of 3 attempts failed: It broke.")]
    [InlineData("busy", 3, "busy", "The last of 3 attempts failed: It broke.")]
    [InlineData("attempt_timeout", 2, "attempt_timeout", "The last of 2 attempts failed: It broke.")]
    [InlineData("handler_exception", 1, "handler_exception", "It broke.")]
    public async Task The_last_allowed_failure_ends_the_job(string code, int maxAttempts, string finalCode, string message)
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync(change: job => job with { MaxAttempts = maxAttempts });
        for (var i = 0; i < maxAttempts; i++)
        {
            await worker.FailAsync(await worker.ClaimOneAsync(), code: code);
            engine.Time.Advance(TimeSpan.FromHours(1));
        }

        var failed = await engine.FindAsync(job);
        Assert.Equal(JobState.Failed, failed.Head.State);
        Assert.Equal((finalCode, message, false), (failed.Head.Error!.Code, failed.Head.Error.Message, failed.Head.Error.Retryable));
        Assert.Equal(maxAttempts, failed.Attempts!.Count);
        Assert.All(failed.Attempts, attempt => Assert.Equal(code, attempt.Error!.Code));
    }

    [Fact]
    public async Task A_failure_that_no_retry_helps_ends_the_job_at_once()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        await worker.FailAsync(await worker.ClaimOneAsync(), retryable: false, JobErrorCodes.HandlerRejected);
        var failed = await engine.FindAsync(job);
        Assert.Equal((JobState.Failed, JobErrorCodes.HandlerRejected), (failed.Head.State, failed.Head.Error!.Code));
    }

    [Fact]
    public async Task A_snooze_is_no_failure()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync(change: job => job with { MaxAttempts = 1 });
        await worker.SettleAsync(await worker.ClaimOneAsync(), new JobOutcome.Snoozed(TimeSpan.FromMinutes(5)));
        var waiting = await engine.FindAsync(job);
        Assert.Equal((JobState.Queued, engine.Now.AddMinutes(5), 0), (waiting.Head.State, waiting.Head.DueAt, waiting.Head.Failures));
    }

    [Fact]
    public async Task A_job_that_is_given_back_never_started_and_keeps_its_place()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var first = await engine.SubmitAsync();
        engine.Time.Advance(TimeSpan.FromSeconds(1));
        await engine.SubmitAsync();
        await worker.SettleAsync(await worker.ClaimOneAsync(), JobOutcome.Released.Instance);

        var back = await engine.FindAsync(first);
        Assert.Equal((JobState.Queued, 0, null), (back.Head.State, back.Head.Attempt, back.Head.StartedAt));
        Assert.Empty(back.Attempts!);
        Assert.Equal(first.Head.Id, (await worker.ClaimOneAsync()).Head.Id);
    }

    [Fact]
    public async Task An_attempt_that_fails_past_the_deadline_is_not_retried()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync(change: job => job with { Deadline = engine.Now.AddSeconds(10) });
        var claimed = await worker.ClaimOneAsync();
        engine.Time.Advance(TimeSpan.FromSeconds(10));
        await worker.FailAsync(claimed);
        var failed = await engine.FindAsync(job);
        Assert.Equal((JobState.Failed, JobErrorCodes.DeadlineExceeded), (failed.Head.State, failed.Head.Error!.Code));
    }

    [Fact]
    public async Task A_result_over_the_row_lies_in_an_output_and_one_over_the_bound_nowhere()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var large = await engine.SubmitAsync();
        var text = $"\"{new string('x', 100_000)}\"";
        await worker.SucceedAsync(await worker.ClaimOneAsync(), text);
        var stored = await engine.FindAsync(large, JobParts.Result);
        Assert.True(stored.Result!.Body.IsEmpty);
        Assert.NotNull(stored.Result.OutputId);
        await using var content = await engine.Contents.OpenResultAsync(large.Head.Id);
        Assert.Equal(text, await new StreamReader(content!.Content).ReadToEndAsync());
        Assert.Equal(("application/json", 100_002L), (content.ContentType, content.Size));
        Assert.Empty(await engine.Contents.ListOutputsAsync(large.Head.Id));

        var huge = await engine.SubmitAsync();
        await worker.SettleAsync(await worker.ClaimOneAsync(), new JobOutcome.Succeeded(new byte[21 * 1024 * 1024]));
        var failed = await engine.FindAsync(huge);
        Assert.Equal((JobState.Failed, JobErrorCodes.ResultTooLarge), (failed.Head.State, failed.Head.Error!.Code));
    }

    [Fact]
    public async Task Jobs_of_a_former_name_keep_the_retention_of_the_type()
    {
        var renamed = new JobType { Name = "report.export", Aliases = ["export"], Retention = new JobRetention(TimeSpan.FromDays(1), null, null) };
        await using var engine = await Engine.StartAsync([renamed]);
        var worker = await engine.OpenWorkerAsync(types: ["report.export", "export"]);
        var job = await engine.SubmitAsync("export");
        Assert.Equal("report.export", job.Head.Type);
        await worker.SucceedAsync(await worker.ClaimOneAsync());
        Assert.Equal(engine.Now.AddDays(1), (await engine.FindAsync(job)).Head.ExpiresAt);
    }
}
