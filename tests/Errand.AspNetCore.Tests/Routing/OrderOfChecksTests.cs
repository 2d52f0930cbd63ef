namespace Errand.AspNetCore.Tests;

/// <summary>Each request is wrong in several ways at once; the answer is the one that is decided first.</summary>
public sealed class OrderOfChecksTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient nobody = server.As(null);
    private readonly HttpClient ada = server.As();

    [Fact]
    public async Task An_unknown_route_comes_before_missing_credentials()
    {
        var problem = await nobody.FetchAsync("no/such/route").ProblemAsync(404, "route_not_found");

        Assert.Equal("about:blank", problem.Text("type"));
        await nobody.SayAsync("POST", "no/such/route", "{", "text/plain").ProblemAsync(404, "route_not_found");
    }

    [Theory]
    [InlineData("PUT", "jobs", "GET, HEAD, POST")]
    [InlineData("POST", "jobs/00000000000000000000000000000000", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("GET", "jobs/00000000000000000000000000000000/cancel", "POST")]
    [InlineData("PUT", "event-tickets", "POST")]
    [InlineData("POST", "stats", "GET, HEAD")]
    public async Task A_wrong_method_comes_before_missing_credentials_and_says_which_are_right(string method, string path, string allow)
    {
        var answer = await nobody.SayAsync(method, path, "{", "text/plain");
        Assert.Equal(allow, answer.Header("Allow"));
        await Task.FromResult(answer).ProblemAsync(405, "method_not_allowed");
    }

    [Fact]
    public async Task Missing_credentials_come_before_everything_about_the_request()
    {
        var answer = await nobody.SayAsync("POST", "jobs?no=1", "{", "text/plain");
        Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        await Task.FromResult(answer).ProblemAsync(401, "unauthenticated");
    }

    [Fact]
    public async Task A_missing_scope_comes_before_the_body_and_any_look_up()
    {
        var answer = await server.As("none").SayAsync("PATCH", "jobs/00000000000000000000000000000000?no=1", "{", "text/plain");
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"jobs.cancel\"", answer.Header("WWW-Authenticate"));
        await Task.FromResult(answer).ProblemAsync(403, "insufficient_scope");
    }

    [Fact]
    public async Task Too_many_bytes_come_before_the_media_type()
    {
        var problem = await ada.SayAsync("POST", "jobs?no=1", new string('x', 2 * 1024 * 1024), "text/plain").ProblemAsync(413, "payload_too_large");

        Assert.Equal(1024 * 1024, (int)problem["maxBytes"]!);
    }

    [Fact]
    public async Task The_media_type_comes_before_what_is_acceptable_and_that_before_the_query()
    {
        var media = await ada.SayAsync("PATCH", "jobs/x?no=1", "{", "text/plain", ("Accept", "text/html"));
        Assert.Equal("application/merge-patch+json, application/json", media.Header("Accept-Patch"));
        await Task.FromResult(media).ProblemAsync(415, "unsupported_media_type");
        await ada.SayAsync("POST", "jobs?no=1", "{", headers: ("Accept", "text/html")).ProblemAsync(406, "not_acceptable");
        await ada.FetchAsync("jobs/x?no=1", ("Accept", "application/json;q=0")).ProblemAsync(406, "not_acceptable");
        await ada.SayAsync("POST", "jobs?no=1", "{").ProblemAsync(400, "unknown_parameter");
    }

    [Fact]
    public async Task The_body_comes_before_the_look_up_and_that_before_preconditions_and_state()
    {
        await ada.SayAsync("PATCH", "jobs/x", "{", headers: ("If-Match", "\"1.0\"")).ProblemAsync(400, "invalid_request");
        await ada.SayAsync("PATCH", "jobs/x", "{}", headers: ("If-Match", "\"1.0\"")).ProblemAsync(404, "not_found");
        var id = (await ada.RunAsync("""{"type":"test.echo"}""")).Text("id");
        await ada.SayAsync("PATCH", $"jobs/{id}", """{"priority":1}""", headers: ("If-Match", "\"1.0\"")).ProblemAsync(412, "precondition_failed");
        await ada.SayAsync("PATCH", $"jobs/{id}", """{"priority":1}""", headers: ("If-Match", "*")).ProblemAsync(409, "job_finished");
    }

    [Fact]
    public async Task A_missing_precondition_comes_after_the_look_up()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer { WithWorker = false, Configure = o => o.RequireIfMatch = true });
        var client = host.As();
        var id = await client.SubmitAsync("""{"type":"test.later"}""");

        await client.SayAsync("PATCH", "jobs/x", """{"priority":1}""").ProblemAsync(404, "not_found");
        await client.SayAsync("PATCH", $"jobs/{id}", """{"priority":1}""").ProblemAsync(428, "precondition_required");
    }
}
