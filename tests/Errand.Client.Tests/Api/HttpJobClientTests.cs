using System.Net;
using Errand.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Client.Tests;

public sealed class HttpJobClientTests : IDisposable
{
    private const string Queued = """{"id":"a","type":"t","queue":"q","status":"queued","done":false}""";
    private const string Done = """{"id":"a","type":"t","queue":"q","status":"succeeded","done":true}""";

    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly ScriptedServer _server = new();
    private readonly HttpClient _http;
    private readonly HttpJobClient _client;

    public HttpJobClientTests()
    {
        _http = new HttpClient(_server) { BaseAddress = new Uri("http://errand.test/base/"), Timeout = Timeout.InfiniteTimeSpan };
        _client = new HttpJobClient(_http, new HttpJobClientOptions { Time = _time, Retries = 2 });
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task A_submit_is_sent_again_with_the_same_key_after_a_broken_connection()
    {
        _server.Break().Answer(HttpStatusCode.Accepted, Queued, headers: ("Idempotency-Replayed", "true"));
        var submitted = await PatientlyAsync(_client.SubmitAsync(new SubmitJobRequest { Type = "t" }));
        Assert.True(submitted.Replayed);
        Assert.Equal(2, _server.Asked.Count);
        Assert.Equal(_server.Asked[0], _server.Asked[1]);
        Assert.Contains("Idempotency-Key=\"", _server.Asked[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_when_it_says()
    {
        _server.Answer(HttpStatusCode.ServiceUnavailable, "{}", headers: ("Retry-After", "3")).Answer(HttpStatusCode.OK, Done);
        var reading = _client.GetAsync("a");
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Single(_server.Asked);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True((await reading).Job.Done);
    }

    [Fact]
    public async Task A_long_wish_to_wait_is_left_to_the_caller()
    {
        _server.Answer(HttpStatusCode.TooManyRequests, """{"code":"quota_exceeded","detail":"Slow down."}""", "application/problem+json",
            ("Retry-After", "60"));
        var refusal = await Assert.ThrowsAsync<ErrandApiException>(() => _client.GetAsync("a"));
        Assert.Equal(TimeSpan.FromSeconds(60), refusal.RetryAfter);
        Assert.Equal(JobProblems.QuotaExceeded, refusal.Name);
    }

    [Fact]
    public async Task A_retry_of_a_job_is_never_sent_twice()
    {
        _server.Break();
        await Assert.ThrowsAsync<ErrandUnreachableException>(() => _client.RetryAsync("a"));
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_told_by_its_status()
    {
        _server.Answer(HttpStatusCode.BadGateway, "<html>oops</html>", "text/html");
        var refusal = await Assert.ThrowsAsync<ErrandApiException>(() => _client.GetAsync("a"));
        Assert.Equal(HttpStatusCode.BadGateway, refusal.Status);
        Assert.Contains("502", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_is_held_by_the_server_until_the_job_changes()
    {
        _server.Answer(HttpStatusCode.OK, Queued, headers: ("ETag", "\"1.0\""))
            .Answer(HttpStatusCode.NotModified, headers: ("Preference-Applied", "wait=30"))
            .Answer(HttpStatusCode.OK, Done, headers: [("ETag", "\"2.0\""), ("Preference-Applied", "wait=30")]);
        Assert.True((await _client.WaitAsync("a")).Job.Done);
        Assert.Equal(
            ["GET /base/v1/jobs/a", "GET /base/v1/jobs/a Prefer=wait=30 If-None-Match=\"1.0\"", "GET /base/v1/jobs/a Prefer=wait=30"],
            _server.Asked);
    }

    [Fact]
    public async Task A_server_that_does_not_hold_requests_is_polled_as_it_says()
    {
        _server.Answer(HttpStatusCode.OK, Queued, headers: ("ETag", "\"1.0\""))
            .Answer(HttpStatusCode.OK, Queued, headers: [("ETag", "\"1.0\""), ("Retry-After", "5")])
            .Answer(HttpStatusCode.OK, Done);
        var waiting = _client.WaitAsync("a");
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, _server.Asked.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await waiting).Job.Done);
    }

    [Fact]
    public async Task A_wait_ends_with_its_time_and_a_last_look()
    {
        _server.Answer(HttpStatusCode.OK, Queued).Answer(HttpStatusCode.OK, Queued).Answer(HttpStatusCode.OK, Queued);
        var waiting = _client.WaitAsync("a", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await waiting).Job.Done);
    }

    [Fact]
    public async Task A_broken_stream_is_resumed_after_the_last_event()
    {
        _server.Answer(HttpStatusCode.OK,
            $"retry: 100\n\nid: 1.0\nevent: job.snapshot\ndata: {Event("job.snapshot", "1.0", Queued)}\n\n", "text/event-stream")
            .Break()
            .Answer(HttpStatusCode.OK,
                $": ok\n\nid: 3.0\nevent: job.succeeded\ndata: {Event("job.succeeded", "3.0", Done)}\n\n", "text/event-stream");
        var events = await PatientlyAsync(ReadAsync());
        Assert.Equal(["job.snapshot", "job.succeeded"], events);
        Assert.EndsWith("events Last-Event-ID=1.0", _server.Asked[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_ended_while_the_stream_was_broken_ends_the_watch_with_a_last_look()
    {
        _server.Answer(HttpStatusCode.OK,
            $"id: 1.0\nevent: job.snapshot\ndata: {Event("job.snapshot", "1.0", Queued)}\n\n", "text/event-stream")
            .Answer(HttpStatusCode.NoContent);
        Assert.Equal(["job.snapshot"], await PatientlyAsync(ReadAsync()));
    }

    [Fact]
    public async Task Where_there_is_no_stream_to_be_had_the_job_is_polled()
    {
        _server.Answer(HttpStatusCode.NotAcceptable).Answer(HttpStatusCode.OK, Queued, headers: ("ETag", "\"1.0\""))
            .Answer(HttpStatusCode.OK, Done, headers: [("ETag", "\"2.0\""), ("Preference-Applied", "wait=30")]);
        Assert.Equal(["job.snapshot", "job.snapshot"], await ReadAsync());
    }

    [Fact]
    public async Task Lists_are_read_page_by_page()
    {
        _server.Answer(HttpStatusCode.OK, $$"""{"items":[{{Queued}}],"nextPageToken":"next/1"}""").Answer(
            HttpStatusCode.OK, $$"""{"items":[{{Done}}]}""");
        Assert.Equal(2, await _client.ListAsync("status:queued type:a*").CountAsync());
        Assert.Equal("GET /base/v1/jobs?filter=status%3Aqueued%20type%3Aa%2A&pageToken=next%2F1", _server.Asked[1]);
    }

    private async Task<string[]> ReadAsync() => await _client.WatchAsync("a").Select(happened => happened.Kind).ToArrayAsync();

    private static string Event(string kind, string revision, string job) =>
        $$"""{"kind":"{{kind}}","revision":"{{revision}}","time":"2026-11-22T08:00:00Z","job":{{job}}}""";

    // Lets the clock run while something waits on it.
    private async Task<T> PatientlyAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await task;
    }
}
