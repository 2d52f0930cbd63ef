using System.Net;

namespace Errand.Client.Tests;

public sealed class WaitTests : Scripted
{
    private sealed record Report(int Rows);

    [Fact]
    public async Task A_result_that_came_with_the_job_is_read_from_it()
    {
        Server.Answer(HttpStatusCode.OK, Body("running")).Answer(HttpStatusCode.OK, Body("succeeded", """,  "result":{"rows":7}"""));
        var report = await Jobs.Get<Report>("a").WaitAsync();
        Assert.Equal(7, report.Rows);
        Assert.Equal(2, Server.Asked.Count);
    }

    [Fact]
    public async Task A_large_result_is_fetched()
    {
        Server.Answer(HttpStatusCode.OK, Body("succeeded")).Answer(HttpStatusCode.OK, """{"rows":8}""");
        Assert.Equal(8, (await Jobs.Get<Report>("a").WaitAsync()).Rows);
        Assert.Equal("GET /v1/jobs/a/result", Server.Asked[^1]);
    }

    [Fact]
    public async Task A_job_without_a_result_gives_the_default()
    {
        Server.Answer(HttpStatusCode.OK, Body("succeeded")).Answer(HttpStatusCode.NoContent);
        Assert.Null(await Jobs.Get<Report>("a").WaitAsync());
    }

    [Theory]
    [InlineData("""{"rows":"many"}""", "application/json", "cannot be read as Report")]
    [InlineData("%PDF", "application/pdf", "application/pdf")]
    public async Task A_result_of_another_shape_says_so(string body, string mediaType, string expected)
    {
        Server.Answer(HttpStatusCode.OK, Body("succeeded")).Answer(HttpStatusCode.OK, body, mediaType);
        var error = await Assert.ThrowsAsync<JobResultException>(() => Jobs.Get<Report>("a").WaitAsync());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_carries_attempt_code_problem_and_trace()
    {
        Server.Answer(HttpStatusCode.OK, Body(
            "failed", """, "attempt":3,"traceId":"0af7651916cd43dd8448eb211c80319c","error":{"code":"out_of_paper","message":"The printer is out of paper.","retryable":true}"""));
        var error = await Assert.ThrowsAsync<JobFailedException>(() => Jobs.Get<Report>("a").WaitAsync());
        Assert.Equal((3, "out_of_paper", "0af7651916cd43dd8448eb211c80319c"), (error.Attempt, error.Code, error.TraceId));
        Assert.True(error.Problem!.Retryable);
        Assert.Equal("The job a (report.export) failed on attempt 3: The printer is out of paper. [out_of_paper]", error.Message);
    }

    [Fact]
    public async Task A_cancel_is_told_apart_from_a_failure()
    {
        Server.Answer(HttpStatusCode.OK, Body("canceled", """, "cancelReason":"user closed tab" """));
        var error = await Assert.ThrowsAsync<JobCanceledException>(() => Jobs.Get<Report>("a").WaitAsync());
        Assert.Contains("user closed tab", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outcome_is_told_and_not_thrown()
    {
        Server.Answer(HttpStatusCode.OK, Body("failed", """, "error":{"code":"c","message":"m"}"""));
        var outcome = await Jobs.Get<Report>("a").WaitForOutcomeAsync();
        Assert.False(outcome.Succeeded);
        Assert.Equal("c", outcome.Error!.Code);
        Assert.Throws<JobFailedException>(() => outcome.GetResult());
    }

    [Fact]
    public async Task When_the_time_is_over_the_handle_and_the_last_status_are_in_the_exception()
    {
        for (var i = 0; i < 20; i++) Server.Answer(HttpStatusCode.OK, Body("running"));
        var job = Jobs.Get<Report>("a");
        var error = await Assert.ThrowsAsync<JobWaitTimeoutException>(
            () => PatientlyAsync(job.WaitForOutcomeAsync(TimeSpan.FromSeconds(10)), 0.25));
        Assert.Same(job, error.Handle);
        Assert.Equal(JobStatus.Running, error.LastStatus);
        Assert.DoesNotContain(Server.Asked, asked => asked.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_with_the_time_too()
    {
        Server.Hang();
        var error = await Assert.ThrowsAsync<JobWaitTimeoutException>(
            () => PatientlyAsync(Jobs.Get<Report>("a").WaitForOutcomeAsync(TimeSpan.FromSeconds(10))));
        Assert.Null(error.LastStatus);
    }

    [Fact]
    public async Task Ending_the_wait_does_not_end_the_job()
    {
        Server.Hang();
        using var ends = new CancellationTokenSource();
        var waiting = Jobs.Get<Report>("a").WaitAsync(cancellationToken: ends.Token);
        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(["GET /v1/jobs/a"], Server.Asked);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_at_the_date_it_names_however_far()
    {
        var date = (Time.GetUtcNow() + TimeSpan.FromSeconds(20)).ToString("R");
        Server.Answer(HttpStatusCode.TooManyRequests, headers: ("Retry-After", date)).Answer(HttpStatusCode.OK, Body("succeeded", """, "result":{"rows":1}"""));
        var waiting = Jobs.Get<Report>("a").WaitAsync();
        Time.Advance(TimeSpan.FromSeconds(19));
        Assert.Single(Server.Asked);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await waiting).Rows);
    }

    [Fact]
    public async Task A_server_that_went_away_is_waited_for_and_one_that_stays_away_is_not()
    {
        Server.Answer(HttpStatusCode.OK, Body("running")).Break().Break().Answer(HttpStatusCode.OK, Body("succeeded", """, "result":{"rows":2}"""));
        Assert.Equal(2, (await PatientlyAsync(Jobs.Get<Report>("a").WaitAsync())).Rows);

        Server.Answer(HttpStatusCode.OK, Body("running"));
        for (var i = 0; i < 300; i++) Server.Break();
        await Assert.ThrowsAsync<ErrandUnreachableException>(() => PatientlyAsync(Jobs.Get<Report>("a").WaitAsync()));
    }

    [Fact]
    public async Task Progress_is_told_when_it_changed_and_polls_carry_the_tag()
    {
        Server.Answer(HttpStatusCode.OK, Body("running", """, "progress":{"percent":10}"""), headers: ("ETag", "\"2.1\""))
            .Answer(HttpStatusCode.NotModified, headers: ("Preference-Applied", "wait=30"))
            .Answer(HttpStatusCode.OK, Body("running", """, "progress":{"percent":60,"message":"rendering"}"""), headers: [("ETag", "\"2.2\""), ("Preference-Applied", "wait=30")])
            .Answer(HttpStatusCode.OK, Body("succeeded", """, "result":{"rows":3}, "progress":{"percent":60,"message":"rendering"}"""), headers: ("ETag", "\"3.2\""));
        var told = new Heard();
        await Jobs.Get<Report>("a").WaitAsync(told);
        Assert.Equal(["10 ", "60 rendering"], told.Said);
        Assert.Equal(["", "\"2.1\"", "\"2.1\"", "\"2.2\""], Server.Asked.Select(asked => asked.Split("If-None-Match=") is [_, var tag] ? tag : ""));
    }

    [Fact]
    public async Task Unknown_and_expired_are_told_apart()
    {
        Server.Answer(HttpStatusCode.NotFound, """{"code":"not_found"}""", "application/problem+json")
            .Answer(HttpStatusCode.Gone, """{"code":"job_purged","purgedAt":"2026-11-20T00:00:00Z"}""", "application/problem+json");
        await Assert.ThrowsAsync<JobNotFoundException>(() => Jobs.Get<Report>("a").WaitAsync());
        var expired = await Assert.ThrowsAsync<JobExpiredException>(() => Jobs.Get<Report>("a").WaitAsync());
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero), expired.PurgedAt);
    }

    [Fact]
    public void A_handle_is_its_id()
    {
        Assert.Equal(Jobs.Get("a"), Jobs.Get("a"));
        Assert.NotEqual(Jobs.Get("a"), Jobs.Get("b"));
        Assert.Equal("a", $"{Jobs.Get<Report>("a")}");
        Assert.Empty(Server.Asked);
    }

    [Fact]
    public async Task A_test_can_make_a_handle_of_its_own()
    {
        JobHandle<Report> job = new Ready();
        Assert.Equal(42, (await job.WaitAsync()).Rows);
        Assert.Contains("was made for a test", (await Assert.ThrowsAsync<NotSupportedException>(() => job.CancelAsync())).Message, StringComparison.Ordinal);
    }

    private sealed class Ready() : JobHandle<Report>("ready")
    {
        public override Task<Report> WaitAsync(IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new Report(42));
    }

    private sealed class Heard : IProgress<JobProgress>
    {
        public List<string> Said { get; } = [];

        public void Report(JobProgress value) => Said.Add($"{value.Percent} {value.Message}");
    }
}
