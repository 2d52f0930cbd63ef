using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Errand.AspNetCore.Tests;

public sealed class RunsAsJobTests
{
    private const string Good = """{"month":"2026-10","rows":3}""";

    [Fact]
    public async Task An_endpoint_answers_202_with_the_native_headers_and_its_value_becomes_the_result()
    {
        await using var host = await ApiServer.StartAsync(ReportApp.Server());
        var answer = await host.AskAsync("/reports/pdf?copies=2", Good, "mia");
        var job = await answer.JsonAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var self = $"{host.Address}v1/jobs/{job.Text("id")}";
        Assert.Equal((self, self, $"{self}/result"), (answer.Header("Operation-Location"), answer.Header("Content-Location"), answer.Header("Location")));
        Assert.NotNull(answer.Header("Retry-After"));
        Assert.NotNull(answer.Header("ETag"));
        Assert.Equal(("report.export", "mia"), (job.Text("type"), job.Text("createdBy")));

        var result = await host.As(null).FetchAsync(answer.Header("Location")!, ("X-User", "mia"), ("Prefer", "wait=20")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal("""{"month":"2026-10","rows":3,"format":"pdf","owner":"mia","mail":"mia@example.com"}""", result.ToJsonString());
        var messages = await host.As(null).FetchAsync($"{self}/messages", ("X-User", "mia")).JsonAsync(HttpStatusCode.OK);
        Assert.Contains("attempt 1, fence True, copies 2, service ", messages["items"]![0]!.Text("text"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"month":""", 400)]
    [InlineData("""{"month":"2026-10","rows":0}""", 422)]
    [InlineData("""{"month":"2026-10","rows":"many"}""", 400)]
    public async Task What_binding_or_a_filter_refuses_makes_no_job(string body, int status)
    {
        await using var host = await ApiServer.StartAsync(ReportApp.Server());

        Assert.Equal(status, (int)(await host.AskAsync("/reports/pdf", body, "mia")).StatusCode);
        Assert.Empty((await host.As("eve").FetchAsync("jobs").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray());
        Assert.Empty((await host.As("boss").FetchAsync("jobs").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray());
    }

    [Fact]
    public async Task The_stored_input_holds_the_bound_arguments_and_neither_headers_nor_services()
    {
        await using var host = await ApiServer.StartAsync(ReportApp.Server());
        var answer = await host.AskAsync("/reports/pdf?copies=2", Good, "mia", ("Cookie", "session=secret"), ("X-Secret", "secret"));
        var id = (await answer.JsonAsync()).Text("id");
        var input = await (await host.As("boss").FetchAsync($"jobs/{id}/input")).Content.ReadAsStringAsync();

        Assert.StartsWith("""{"request":{"month":"2026-10","rows":3},"format":"pdf","copies":2,"$caller":""", input, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", input, StringComparison.Ordinal);
        Assert.DoesNotContain("example.com", input, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prefer_wait_gives_the_finished_job_and_an_idempotency_key_gives_one_job()
    {
        await using var host = await ApiServer.StartAsync(ReportApp.Server());
        var waited = await host.AskAsync("/reports/pdf", Good, "mia", ("Prefer", "wait=20"), ("Idempotency-Key", "k1"));
        var again = await host.AskAsync("/reports/pdf", Good, "mia", ("Idempotency-Key", "k1"));

        Assert.Equal((HttpStatusCode.OK, "wait=20"), (waited.StatusCode, waited.Header("Preference-Applied")));
        Assert.Equal("succeeded", (await waited.JsonAsync()).Text("status"));
        Assert.Equal((HttpStatusCode.Accepted, "true"), (again.StatusCode, again.Header("Idempotency-Replayed")));
        Assert.Equal((await waited.JsonAsync()).Text("id"), (await again.JsonAsync()).Text("id"));
        await host.AskAsync("/reports/pdf", """{"month":"2026-11","rows":3}""", "mia", ("Idempotency-Key", "k1")).ProblemAsync(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_result_keeps_its_status_and_media_type_and_an_error_fails_the_job()
    {
        await using var host = await ApiServer.StartAsync(ReportApp.Server(app =>
        {
            app.MapPost("/made", () => TypedResults.Created("/things/1", new ReportRequest("x", 1))).RunsAsJob("t.made");
            app.MapPost("/text", () => "plain words").RunsAsJob("t.text");
            app.MapPost("/file", () => Results.File(Encoding.UTF8.GetBytes("a;b"), "text/csv", "a.csv")).RunsAsJob("t.file");
            app.MapPost("/nothing", () => Task.CompletedTask).RunsAsJob("t.nothing");
            app.MapPost("/bad", () => TypedResults.Problem("Month 13 is none.", statusCode: 422)).RunsAsJob("t.bad");
            app.MapPost("/away", () => TypedResults.Redirect("/x")).RunsAsJob("t.away");
        }));

        var made = await ResultAsync(host, "/made");
        Assert.Equal((HttpStatusCode.Created, "application/json; charset=utf-8"), (made.StatusCode, made.Content.Headers.ContentType?.ToString()));
        Assert.Equal("""{"month":"x","rows":1}""", await made.Content.ReadAsStringAsync());
        var text = await ResultAsync(host, "/text");
        Assert.Equal(("text/plain; charset=utf-8", "plain words"), (text.Content.Headers.ContentType?.ToString(), await text.Content.ReadAsStringAsync()));
        var file = await ResultAsync(host, "/file");
        Assert.Equal(("text/csv", "a;b"), (file.Content.Headers.ContentType?.ToString(), await file.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.NoContent, (await ResultAsync(host, "/nothing")).StatusCode);
        var bad = (await host.AskAsync("/bad", "{}", "mia", ("Prefer", "wait=20")).JsonAsync(HttpStatusCode.OK))["error"]!;
        Assert.Equal(("handler_rejected", "Month 13 is none."), (bad.Text("code"), bad.Text("message")));
        Assert.Contains("cannot redirect", (await host.AskAsync("/away", "{}", "mia", ("Prefer", "wait=20")).JsonAsync(HttpStatusCode.OK))["error"]!.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_type_can_be_submitted_by_the_native_api_too_but_a_callers_snapshot_cannot_be_moved()
    {
        await using var host = await ApiServer.StartAsync(ReportApp.Server(app => app.MapPost("/who", (JobCaller caller, string word) => $"{caller.Subject} {caller.Roles.Count} {word}").RunsAsJob("t.who")));
        var plain = await host.As().RunAsync("""{"type":"t.who","input":{"word":"hi"}}""");
        Assert.Equal("ada 0 hi", await (await host.As().FetchAsync($"jobs/{plain.Text("id")}/result")).Content.ReadAsStringAsync());

        var id = (await host.AskAsync("/who?word=hi", "{}", "mia").JsonAsync(HttpStatusCode.Accepted)).Text("id");
        var snapshot = (await host.As("boss").FetchAsync($"jobs/{id}/input").JsonAsync(HttpStatusCode.OK)).Text("$caller");
        var moved = await host.As().RunAsync($$$"""{"type":"t.who","input":{"word":"hi","$caller":"{{{snapshot}}}"}}""");
        Assert.Equal("handler_rejected", moved["error"]!.Text("code"));
        var missing = await host.As().RunAsync("""{"type":"report.export","input":{"format":"pdf","request":7}}""");
        Assert.Equal("input_unreadable", missing["error"]!.Text("code"));
    }

    [Fact]
    public async Task What_cannot_outlive_the_request_is_refused_at_start_all_at_once_with_the_alternative()
    {
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => ApiServer.StartAsync(ReportApp.Server(app =>
        {
            app.MapPost("/a", (HttpContext http) => 1).RunsAsJob("t.a");
            app.MapPost("/b", (System.Security.Claims.ClaimsPrincipal user, IFormFile file) => 1).RunsAsJob("t.b");
            app.MapPost("/c", (Stream body) => 1).RunsAsJob("t.c");
            app.MapPost("/d", ([FromHeader(Name = "Authorization")] string token) => 1).RunsAsJob("t.d");
            app.MapPost("/e", ([FromBody] Inner inner) => 1).RunsAsJob("t.e");
        })));

        Assert.Equal(6, wrong.Message.Split("\n- ").Length - 1);
        Assert.Contains(".RunsAsJob(\"t.b\"): Parameter 'user' is a ClaimsPrincipal: a signed-in user is not stored with a job. Take JobCaller", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Parameter 'file' is a IFormFile: a posted file is gone when the job runs. Send it to POST /v1/uploads", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Parameter 'inner', member 'file' is a IFormFile", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_behind_it_is_refused()
    {
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => ApiServer.StartAsync(ReportApp.Server(app =>
            app.MapPost("/late", () => 1).RunsAsJob("t.late").AddEndpointFilter((context, next) => next(context)))));
        Assert.Contains("must come last on its endpoint", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mount_may_point_location_at_the_status_and_lie_inside_a_group()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer
        {
            Configure = options => options.Anonymous = ErrandPrincipal.Everyone,
            ConfigureApp = app =>
            {
                app.MapGroup("/shop").MapErrand("/jobs-api", mount => mount.LocationIsStatus = true);
                app.MapGroup("/api").MapPost("/word", () => "hi").RunsAsJob("t.word");
            },
        });
        var answer = await host.As(null).PostAsync("/api/word", "{}");

        Assert.StartsWith($"{host.Address}shop/jobs-api/jobs/", answer.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(answer.Header("Operation-Location"), answer.Header("Location"));
        Assert.Equal(HttpStatusCode.OK, (await host.As(null).FetchAsync(answer.Header("Location")!)).StatusCode);
    }

    private static async Task<HttpResponseMessage> ResultAsync(ApiServer host, string path)
    {
        var accepted = await host.AskAsync(path, "{}", "mia");
        Assert.True(accepted.StatusCode == HttpStatusCode.Accepted, await accepted.Content.ReadAsStringAsync());
        return await host.As(null).FetchAsync(accepted.Header("Location")!, ("X-User", "mia"), ("Prefer", "wait=20"));
    }

    public sealed record Inner(string Name, IFormFile File);
}
