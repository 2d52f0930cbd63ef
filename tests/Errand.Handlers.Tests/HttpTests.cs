using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Handlers.Tests;

public sealed class HttpTests
{
    private readonly FakeContext _context = new() { Json = """{"region":"north"}""" };

    [Fact]
    public async Task The_input_is_posted_and_the_answer_is_the_result()
    {
        string? method = null, type = null, body = null;
        var outcome = await PostAsync(async http =>
        {
            (method, type, body) = (http.Request.Method, http.Request.ContentType, await new StreamReader(http.Request.Body).ReadToEndAsync());
            http.Response.StatusCode = 201;
            await http.Response.WriteAsJsonAsync(new { rows = 7 });
        });

        Assert.Equal(("POST", "application/json", """{"region":"north"}"""), (method, type, body));
        var succeeded = Assert.IsType<JobOutcome.Succeeded>(outcome);
        Assert.Equal(("""{"rows":7}""", "application/json", 201), (Text(succeeded), succeeded.ContentType, succeeded.StatusCode));
    }

    [Fact]
    public async Task A_request_says_which_job_and_attempt_it_is_and_can_be_told_from_others()
    {
        Dictionary<string, string?> headers = [];
        using var activity = new Activity("attempt").SetIdFormat(ActivityIdFormat.W3C).Start();
        await PostAsync(
            http =>
            {
                headers = http.Request.Headers.ToDictionary(header => header.Key, header => (string?)header.Value, StringComparer.OrdinalIgnoreCase);
                return Task.CompletedTask;
            },
            new HttpHandlerOptions { Headers = new Dictionary<string, string> { ["X-Api-Key"] = "s3cret" } });

        Assert.Equal(_context.Head.Id.ToString(), headers["Errand-Job-Id"]);
        Assert.Equal("2", headers["Errand-Attempt"]);
        Assert.Equal($"\"{_context.Head.Id}\"", headers["Idempotency-Key"]);
        Assert.Equal(activity.Id, headers["traceparent"]);
        Assert.Equal("s3cret", headers["X-Api-Key"]);
    }

    [Fact]
    public async Task Without_a_span_the_trace_of_the_submit_is_passed_on()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        _context.Said = new JobDetails { TraceParent = trace };
        string? sent = null;
        Activity.Current = null;

        await PostAsync(http =>
        {
            sent = http.Request.Headers["traceparent"];
            return Task.CompletedTask;
        });

        Assert.Equal(trace, sent);
    }

    [Theory]
    [InlineData(408, true), InlineData(429, true), InlineData(500, true), InlineData(503, true), InlineData(599, true)]
    [InlineData(400, false), InlineData(401, false), InlineData(404, false), InlineData(409, false), InlineData(422, false), InlineData(302, false)]
    public async Task Only_what_may_pass_is_retried(int status, bool retryable)
    {
        var outcome = await PostAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/elsewhere";
            return http.Response.WriteAsync("because\nof the weather");
        });

        var error = Assert.IsType<JobOutcome.Failed>(outcome).Error;
        Assert.Equal($"http_{status}", error.Code);
        Assert.Equal(retryable, error.Retryable);
        Assert.Contains("because of the weather", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_first_kibibyte_of_a_refusal_is_kept()
    {
        var outcome = await PostAsync(http =>
        {
            http.Response.StatusCode = 400;
            return http.Response.WriteAsync(new string('x', 100_000));
        });

        Assert.Equal(1024, Assert.IsType<JobOutcome.Failed>(outcome).Error.Message.Count(c => c is 'x'));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Thu, 01 Jan 2026 00:05:00 GMT", 300)]
    [InlineData("Wed, 31 Dec 2025 00:00:00 GMT", 0)]
    [InlineData("99999999", 86400)]
    [InlineData("soon", null)]
    public async Task Retry_after_is_honored(string header, int? seconds)
    {
        var outcome = await PostAsync(
            http =>
            {
                http.Response.StatusCode = 503;
                http.Response.Headers.RetryAfter = header;
                return Task.CompletedTask;
            },
            clock: new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        Assert.Equal(seconds, (int?)Assert.IsType<JobOutcome.Failed>(outcome).RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task What_is_not_json_keeps_its_content_type()
    {
        var outcome = await PostAsync(http =>
        {
            http.Response.ContentType = "text/csv; charset=utf-8";
            return http.Response.WriteAsync("a,b\n1,2\n");
        });

        var succeeded = Assert.IsType<JobOutcome.Succeeded>(outcome);
        Assert.Equal(("a,b\n1,2\n", "text/csv; charset=utf-8"), (Text(succeeded), succeeded.ContentType));
    }

    [Theory]
    [InlineData("{\"a\":"), InlineData("{}{}"), InlineData("nope"), InlineData("\"\\ud800\"")]
    public async Task What_only_calls_itself_json_is_not_stored_as_json(string body)
    {
        var outcome = await PostAsync(http =>
        {
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(body);
        });

        Assert.Equal("application/octet-stream", Assert.IsType<JobOutcome.Succeeded>(outcome).ContentType);
    }

    [Fact]
    public async Task An_answer_over_20_MiB_fails_the_job_before_it_is_held()
    {
        var outcome = await PostAsync(async http =>
        {
            var chunk = new byte[1024 * 1024];
            for (var i = 0; i < 64 && !http.RequestAborted.IsCancellationRequested; i++) await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
        });

        var error = Assert.IsType<JobOutcome.Failed>(outcome).Error;
        Assert.Equal(JobErrorCodes.ResultTooLarge, error.Code);
        Assert.False(error.Retryable);
    }

    [Fact]
    public async Task An_answer_of_20_MiB_is_taken()
    {
        var outcome = await PostAsync(http => http.Response.Body.WriteAsync(new byte[HttpAnswer.ResultLimit]).AsTask());

        Assert.Equal(HttpAnswer.ResultLimit, Assert.IsType<JobOutcome.Succeeded>(outcome).Result.Length);
    }

    [Fact]
    public async Task A_host_that_nobody_listens_on_may_come_back()
    {
        await using var handler = Registered.With(errand => errand.AddHttpType(Type, new HttpHandlerOptions { Url = "http://127.0.0.1:1/" }));

        var error = Assert.IsType<JobOutcome.Failed>(await handler.RunAsync(_context)).Error;

        Assert.Equal("http_unreachable", error.Code);
        Assert.True(error.Retryable);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_ended_and_retried()
    {
        var clock = new FakeTimeProvider();
        var arrived = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(http =>
        {
            arrived.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        });
        await using var handler = Registered.With(errand => errand.AddHttpType(Type, new HttpHandlerOptions { Url = server.Url, RequestTimeout = TimeSpan.FromMinutes(1) }), clock);
        var running = handler.RunAsync(_context);
        await arrived.Task;

        clock.Advance(TimeSpan.FromMinutes(1));

        var error = Assert.IsType<JobOutcome.Failed>(await running).Error;
        Assert.Equal("http_timeout", error.Code);
        Assert.True(error.Retryable);
    }

    [Fact]
    public async Task A_cancel_ends_the_request_and_is_not_an_outcome()
    {
        using var cancel = new CancellationTokenSource();
        var gone = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async http =>
        {
            http.RequestAborted.Register(gone.SetResult);
            await cancel.CancelAsync();
            await gone.Task;
        });
        await using var handler = Registered.With(errand => errand.AddHttpType(Type, new HttpHandlerOptions { Url = server.Url }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handler.RunAsync(_context, cancel.Token).AsTask());

        await gone.Task;
    }

    [Fact]
    public async Task A_url_of_the_caller_is_refused_unless_the_type_allows_it()
    {
        _context.Json = """{"url":"https://example.com/hook"}""";
        var asked = 0;

        var outcome = await PostAsync(_ =>
        {
            asked++;
            return Task.CompletedTask;
        });

        Assert.Equal("url_not_allowed", Assert.IsType<JobOutcome.Failed>(outcome).Error.Code);
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task A_member_url_is_data_where_the_type_says_so()
    {
        _context.Json = """{"url":"https://example.com/page"}""";

        var outcome = await PostAsync(_ => Task.CompletedTask, new HttpHandlerOptions { CallerUrlMember = null });

        Assert.IsType<JobOutcome.Succeeded>(outcome);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}/"), InlineData("http://localhost:{port}/"), InlineData("http://[::ffff:127.0.0.1]:{port}/")]
    [InlineData("http://2130706433:{port}/"), InlineData("http://0x7f.1:{port}/"), InlineData("http://0.0.0.0:{port}/")]
    public async Task A_url_of_the_caller_cannot_reach_this_machine(string url)
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(_ =>
        {
            asked++;
            return Task.CompletedTask;
        });
        _context.Json = $$"""{"url":"{{url.Replace("{port}", server.Port.ToString(), StringComparison.Ordinal)}}"}""";
        var options = new HttpHandlerOptions { AllowCallerUrl = true, CallerUrls = new OutboundRules { AllowHttp = true, AllowedPorts = [server.Port] } };
        await using var handler = Registered.With(errand => errand.AddHttpType(Type, options));

        var error = Assert.IsType<JobOutcome.Failed>(await handler.RunAsync(_context)).Error;

        Assert.Equal("url_forbidden", error.Code);
        Assert.False(error.Retryable);
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task What_the_url_of_a_caller_answers_is_for_operators_only()
    {
        await using var server = await LoopbackServer.StartAsync(http =>
        {
            http.Response.StatusCode = 403;
            return http.Response.WriteAsync("the key is 1234");
        });
        _context.Json = $$"""{"url":"{{server.Url}}"}""";
        var rules = new OutboundRules { AllowHttp = true, AllowedPorts = [server.Port], AllowedNetworks = ["127.0.0.0/8"] };
        await using var handler = Registered.With(errand => errand.AddHttpType(Type, new HttpHandlerOptions { AllowCallerUrl = true, CallerUrls = rules }));

        var error = Assert.IsType<JobOutcome.Failed>(await handler.RunAsync(_context)).Error;

        Assert.DoesNotContain("1234", error.Message, StringComparison.Ordinal);
        Assert.Contains("1234", error.Detail, StringComparison.Ordinal);
    }

    private static JobType Type => new() { Name = "test.job" };

    private static string Text(JobOutcome.Succeeded succeeded) => Encoding.UTF8.GetString(succeeded.Result.Span);

    private async Task<JobOutcome> PostAsync(RequestDelegate answer, HttpHandlerOptions? options = null, TimeProvider? clock = null)
    {
        await using var server = await LoopbackServer.StartAsync(answer);
        await using var handler = Registered.With(errand => errand.AddHttpType(Type, (options ?? new()) with { Url = server.Url }), clock);
        return await handler.RunAsync(_context);
    }
}
