using System.Net;

namespace Errand.AspNetCore.Tests.Schedules;

public sealed class ScheduleTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Patch = "application/merge-patch+json";
    private const string Nightly = """{"cron":"0 2 * * *","timeZone":"Europe/Berlin","job":{"type":"test.later","input":{"region":"eu"},"labels":{"env":"prod"}}}""";

    private readonly HttpClient boss = server.As("boss");

    [Fact]
    public async Task A_schedule_is_made_read_changed_and_removed()
    {
        var made = await boss.SayAsync("PUT", "schedules/nightly", Nightly);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("\"1\"", made.Header("ETag"));
        Assert.EndsWith("/v1/schedules/nightly", made.Header("Location"), StringComparison.Ordinal);
        var body = await Task.FromResult(made).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(("nightly", "once", "allow", "boss"), (body.Text("name"), body.Text("misfire"), body.Text("overlap"), body.Text("createdBy")));
        Assert.Equal("eu", body["job"]!["input"]!.Text("region"));
        Assert.NotNull(body["nextRunAt"]);

        Assert.Equal(HttpStatusCode.OK, (await boss.SayAsync("PUT", "schedules/nightly", Nightly)).StatusCode);
        var patched = await boss.SayAsync("PATCH", "schedules/nightly", """{"overlap":"skip","job":{"labels":null,"priority":9}}""", Patch).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(("skip", 9, 2), (patched.Text("overlap"), (int)patched["job"]!["priority"]!, (int)patched["version"]!));
        Assert.Null(patched["job"]!["labels"]);
        Assert.Equal("eu", patched["job"]!["input"]!.Text("region"));

        Assert.Equal(HttpStatusCode.NoContent, (await boss.SayAsync("DELETE", "schedules/nightly")).StatusCode);
        await boss.FetchAsync("schedules/nightly").ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Run_now_answers_202_with_a_job_that_is_found_by_its_schedule()
    {
        await boss.SayAsync("PUT", "schedules/by-hand", Nightly);

        var answer = await boss.SayAsync("POST", "schedules/by-hand/run");
        Assert.NotNull(answer.Header("Operation-Location"));
        var job = await Task.FromResult(answer).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal("by-hand", job.Text("scheduleId"));
        var listed = await boss.FetchAsync("jobs?scheduleId=by-hand").JsonAsync(HttpStatusCode.OK);
        Assert.Equal(job.Text("id"), Assert.Single(listed["items"]!.AsArray())!.Text("id"));
        Assert.Equal(job.Text("id"), (await boss.FetchAsync("schedules/by-hand").JsonAsync(HttpStatusCode.OK)).Text("lastJobId"));
    }

    [Fact]
    public async Task Pausing_takes_the_next_run_away_and_next_still_tells_the_times()
    {
        await boss.SayAsync("PUT", "schedules/still", Nightly);

        Assert.Null((await boss.SayAsync("POST", "schedules/still/pause").JsonAsync(HttpStatusCode.OK))["nextRunAt"]);
        var next = await boss.FetchAsync("schedules/still/next?count=3").JsonAsync(HttpStatusCode.OK);
        Assert.Equal(3, next["items"]!.AsArray().Count);
        Assert.NotNull((await boss.SayAsync("POST", "schedules/still/resume").JsonAsync(HttpStatusCode.OK))["nextRunAt"]);
    }

    [Fact]
    public async Task Preconditions_are_kept()
    {
        await boss.SayAsync("PUT", "schedules/guarded", Nightly);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await IfAsync("PUT", "If-None-Match", "*")).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await IfAsync("DELETE", "If-Match", "\"7\"")).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await IfAsync("PUT", "If-Match", "W/\"1\"")).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await IfAsync("GET", "If-None-Match", "\"1\"")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await IfAsync("DELETE", "If-Match", "\"1\"")).StatusCode);
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        var eve = server.As("eve");
        foreach (var name in (string[])["p1", "p2", "p3"]) await eve.SayAsync("PUT", $"schedules/{name}", Nightly);

        var first = await eve.FetchAsync("schedules?pageSize=2").JsonAsync(HttpStatusCode.OK);
        var second = await eve.FetchAsync($"schedules?pageSize=2&pageToken={first.Text("nextPageToken")}").JsonAsync(HttpStatusCode.OK);

        Assert.Equal(["p1", "p2", "p3"], first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(s => s!.Text("name")));
        Assert.Null(second["nextPageToken"]);
        await eve.FetchAsync("schedules?pageToken=x").ProblemAsync(400, "invalid_page_token");
    }

    [Theory]
    [InlineData("""{"cron":"0 2 * * *"}""", "#/job")]
    [InlineData("""{"cron":"tomorrow","job":{"type":"test.later"}}""", "#/cron")]
    [InlineData("""{"cron":"0 2 * * *","every":"PT1M","job":{"type":"test.later"}}""", "#/cron")]
    [InlineData("""{"every":"PT0.1S","job":{"type":"test.later"}}""", "#/every")]
    [InlineData("""{"every":"PT1M","jitter":"PT2M","job":{"type":"test.later"}}""", "#/jitter")]
    [InlineData("""{"every":"PT1M","overlap":"never","job":{"type":"test.later"}}""", "#/overlap")]
    [InlineData("""{"every":"PT1M","job":{"type":"test.later","runAt":"2030-01-01T00:00:00Z"}}""", "#/job/runAt")]
    [InlineData("""{"every":"PT1M","job":{"type":"test.later","id":"00000000000000000000000000000001"}}""", "#/job/id")]
    [InlineData("""{"every":"PT1M","job":{"type":"test.later","priority":11}}""", "#/job/priority")]
    public async Task A_mistake_names_its_member_and_changes_nothing(string body, string pointer)
    {
        var problem = await boss.SayAsync("PUT", "schedules/bad", body).ProblemAsync(400, "invalid_request");

        Assert.Equal(pointer, problem["errors"]![0]!.Text("pointer"));
        await boss.FetchAsync("schedules/bad").ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task A_taken_name_and_an_unknown_type_are_refused()
    {
        await boss.SayAsync("POST", "schedules", Nightly.Insert(1, "\"name\":\"taken\",")).JsonAsync(HttpStatusCode.Created);

        await boss.SayAsync("POST", "schedules", Nightly.Insert(1, "\"name\":\"taken\",")).ProblemAsync(409, "schedule_exists");
        await boss.SayAsync("PUT", "schedules/other", """{"every":"PT1M","job":{"type":"nobody.knows"}}""").ProblemAsync(404, "unknown_job_type");
    }

    private Task<HttpResponseMessage> IfAsync(string method, string header, string value)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "schedules/guarded");
        request.Headers.TryAddWithoutValidation(header, value);
        if (method == "PUT") request.Content = new StringContent(Nightly, System.Text.Encoding.UTF8, "application/json");
        return boss.SendAsync(request);
    }
}
