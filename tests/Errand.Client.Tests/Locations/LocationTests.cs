using System.Net;
using System.Text.Json;

namespace Errand.Client.Tests;

public sealed class LocationTests : Scripted
{
    private const string Elsewhere = "https://cloud.test/ops/7";

    private sealed record Answer(int Value);

    private HttpClient? _other;

    private HttpClient Other => _other ??= new HttpClient(Server, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    [Fact]
    public async Task An_azure_monitor_is_polled_at_its_pace_and_its_outcome_fetched_from_location()
    {
        var job = Begun(("Operation-Location", Elsewhere), ("Location", "https://cloud.test/things/1"), ("Retry-After", "2"));
        Server.Answer(HttpStatusCode.OK, """{"id":"7","status":"NotStarted"}""", headers: ("Retry-After", "3"))
            .Answer(HttpStatusCode.OK, """{"id":"7","status":"Running","percentComplete":40}""", headers: ("Retry-After", "3"))
            .Answer(HttpStatusCode.OK, """{"id":"7","status":"Succeeded"}""")
            .Answer(HttpStatusCode.OK, """{"value":42}""");
        var seen = new List<double?>();
        var begun = Time.GetUtcNow();
        var waiting = job.WaitAsync(new Each(seen));
        Assert.Empty(Server.Asked);
        Assert.Equal(42, (await PatientlyAsync(waiting, 0.25)).Value);
        Assert.True(Time.GetUtcNow() - begun >= TimeSpan.FromSeconds(2 + 3 + 3));
        Assert.Equal([40], seen);
        Assert.Equal(
            [$"GET {Elsewhere}", $"GET {Elsewhere}", $"GET {Elsewhere}", "GET https://cloud.test/things/1"], Server.Asked);
    }

    [Fact]
    public async Task A_location_that_answers_202_until_the_outcome_is_there_is_polled_and_may_move()
    {
        var job = Begun(("Location", "/ops/7"));
        Server.Answer(HttpStatusCode.Accepted, "", headers: ("Location", "/ops/8")).Answer(HttpStatusCode.OK, """{"value":5}""");
        Assert.Equal(5, (await PatientlyAsync(job.WaitAsync())).Value);
        Assert.Equal(["GET https://cloud.test/ops/7", "GET https://cloud.test/ops/8"], Server.Asked);
    }

    [Fact]
    public async Task A_location_that_answers_200_with_a_status_is_not_taken_for_the_outcome()
    {
        var job = Begun(("Location", Elsewhere));
        Server.Answer(HttpStatusCode.OK, """{"status":"inProgress"}""")
            .Answer(HttpStatusCode.OK, """{"status":"failed","error":{"code":"Quota","message":"Too much."}}""");
        var error = await Assert.ThrowsAsync<JobFailedException>(() => PatientlyAsync(job.WaitAsync()));
        Assert.Equal(("Quota", "Too much."), (error.Code, error.Problem!.Message));
    }

    [Theory]
    [InlineData("""{"done":true,"response":{"value":9}}""", 9)]
    [InlineData("""{"status":"Succeeded","result":{"value":9}}""", 9)]
    public async Task An_outcome_within_the_monitor_is_read_from_it(string body, int value)
    {
        var job = Begun(("Azure-AsyncOperation", Elsewhere));
        Server.Answer(HttpStatusCode.OK, """{"done":false,"status":"Succeeding"}""").Answer(HttpStatusCode.OK, body);
        Assert.Equal(value, (await PatientlyAsync(job.WaitAsync())).Value);
    }

    [Fact]
    public async Task An_unchanged_monitor_is_304()
    {
        var job = Begun(("Operation-Location", Elsewhere));
        Server.Answer(HttpStatusCode.OK, """{"status":"Running"}""", headers: [("ETag", "\"x\""), ("Retry-After", "1")])
            .Answer(HttpStatusCode.NotModified, headers: ("Retry-After", "1"))
            .Answer(HttpStatusCode.OK, """{"status":"Canceled","error":{"code":"c","message":"m"}}""");
        await Assert.ThrowsAsync<JobCanceledException>(() => PatientlyAsync(job.WaitAsync()));
        Assert.Equal($"GET {Elsewhere} If-None-Match=\"x\"", Server.Asked[^1]);
    }

    [Fact]
    public async Task A_refusal_at_the_end_is_the_failure_of_the_work()
    {
        var job = Begun(("Location", Elsewhere));
        Server.Answer(HttpStatusCode.Conflict, """{"title":"Conflict","code":"job_failed","jobError":{"code":"out_of_paper","message":"No paper."}}""", "application/problem+json");
        var outcome = await job.WaitForOutcomeAsync();
        Assert.Equal((JobStatus.Failed, "out_of_paper"), (outcome.Status, outcome.Error!.Code));
    }

    [Fact]
    public async Task A_job_of_an_errand_elsewhere_is_understood_whole()
    {
        var job = Begun(("Operation-Location", Elsewhere), ("Location", Elsewhere + "/result"));
        Server.Answer(HttpStatusCode.OK, Body("succeeded", """, "attempt":2,"resultInfo":{"contentType":"application/json","size":3,"digest":"d","url":"https://cloud.test/ops/7/result"}"""))
            .Answer(HttpStatusCode.OK, """{"value":1}""");
        var outcome = await job.WaitForOutcomeAsync();
        Assert.Equal((2, 1), (outcome.Job.Attempt, outcome.Result!.Value));
    }

    [Fact]
    public async Task Watching_gives_each_change_and_cancelling_is_a_post()
    {
        var job = Begun(("Operation-Location", Elsewhere));
        Server.Answer(HttpStatusCode.OK, """{"status":"Running"}""").Answer(HttpStatusCode.OK, """{"status":"Running"}""").Answer(HttpStatusCode.OK, """{"status":"Succeeded"}""")
            .Answer(HttpStatusCode.OK, """{"status":"Canceling"}""");
        Assert.Equal(["running", "succeeded"], await PatientlyAsync(job.WatchAsync().Select(e => e.Job.Status.Word()).ToArrayAsync().AsTask()));
        Assert.Equal(JobStatus.Canceling, (await job.CancelAsync()).Status);
        Assert.Equal($"POST {Elsewhere}/cancel", Server.Asked[^1]);
        Assert.Throws<NotSupportedException>(() => job.ItemsAsync());
    }

    [Fact]
    public void The_token_of_one_server_is_never_sent_to_another()
    {
        using var response = Accepted(("Location", Elsewhere));
        var error = Assert.Throws<ArgumentException>(() => Jobs.FromLocation(response));
        Assert.Contains("jobs.FromLocation(response, http)", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Jobs.Get(Elsewhere).GetAsync().GetAwaiter().GetResult());
        Assert.Empty(Server.Asked);
    }

    [Fact]
    public void An_answer_that_names_no_address_says_which_were_looked_for()
    {
        using var response = Accepted();
        var error = Assert.Throws<ArgumentException>(() => Jobs.FromLocation(response));
        Assert.Contains("Operation-Location, Azure-AsyncOperation and Location", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Operation-Location", "http://errand.test/v1/jobs/abc", null)]
    [InlineData("Location", "http://errand.test/v1/jobs/abc/result", null)]
    [InlineData("Location", "/v1/jobs/abc", null)]
    [InlineData("Operation-Location", "https://public.example/v1/jobs/abc", "abc")]
    public void A_job_of_the_own_server_is_its_id(string header, string address, string? operation)
    {
        using var response = Accepted("http://errand.test/reports", operation is null ? [(header, address)] : [(header, address), ("Operation-Id", operation)]);
        Assert.Equal("abc", Jobs.FromLocation(response).Id);
    }

    [Fact]
    public async Task A_kept_address_goes_on_in_another_process()
    {
        Server.Answer(HttpStatusCode.OK, """{"status":"Succeeded","value":3}""");
        var job = Jobs.Get<JsonElement>("http://errand.test/elsewhere/7");
        Assert.Equal(3, (await job.WaitAsync()).GetProperty("value").GetInt32());
    }

    private JobHandle<Answer> Begun(params (string Name, string Value)[] headers)
    {
        using var response = Accepted(headers);
        return Jobs.FromLocation<Answer>(response, Other);
    }

    private static HttpResponseMessage Accepted(params (string Name, string Value)[] headers) => Accepted("https://cloud.test/things", headers);

    private static HttpResponseMessage Accepted(string asked, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(HttpStatusCode.Accepted) { RequestMessage = new HttpRequestMessage(HttpMethod.Post, asked) };
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    private sealed class Each(List<double?> seen) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => seen.Add(value.Percent);
    }
}
