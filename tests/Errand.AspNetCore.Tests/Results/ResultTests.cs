using System.Net;

namespace Errand.AspNetCore.Tests;

public sealed class ResultTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient ada = server.As();

    [Fact]
    public async Task A_result_comes_raw_with_its_digest_and_cannot_act_on_our_origin()
    {
        var id = (await ada.RunAsync("""{"type":"test.echo","input":{"answer":42}}""")).Text("id");
        var answer = await ada.FetchAsync($"jobs/{id}/result", ("Accept", "text/html"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"answer":42}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Matches("^sha-256=:.+:$", answer.Header("Repr-Digest"));
        Assert.Equal($"\"{answer.Header("Repr-Digest")}\"", answer.Header("ETag"));
        Assert.Equal("bytes", answer.Header("Accept-Ranges"));
        Assert.StartsWith("attachment", answer.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal("sandbox; default-src 'none'", answer.Header("Content-Security-Policy"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal(HttpStatusCode.NotModified, (await ada.FetchAsync($"jobs/{id}/result", ("If-None-Match", answer.Header("ETag")!))).StatusCode);
    }

    [Fact]
    public async Task A_large_result_is_fetched_in_ranges()
    {
        var job = await ada.RunAsync("""{"type":"test.big"}""");
        Assert.Null(job["result"]);
        Assert.Equal(120_000, (int)job["resultInfo"]!["size"]!);
        var url = job["resultInfo"]!.Text("url");

        var part = await ada.FetchAsync(url, ("Range", "bytes=6-11"));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("00001\n", await part.Content.ReadAsStringAsync());
        Assert.Equal("bytes 6-11/120000", part.Header("Content-Range"));
        Assert.Equal("19999\n", await (await ada.FetchAsync(url, ("Range", "bytes=-6"))).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await ada.FetchAsync(url, ("Range", "bytes=120000-"))).StatusCode);
        Assert.Equal(120_000, (await (await ada.FetchAsync(url, ("Range", "bytes=6-11"), ("If-Range", "\"other\""))).Content.ReadAsByteArrayAsync()).Length);
        var head = await ada.SayAsync("HEAD", url);
        Assert.Equal(120_000, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_result_that_is_not_there_yet_is_a_202_and_can_be_waited_for()
    {
        var id = JobId.Parse(await ada.SubmitAsync("""{"type":"test.hold"}"""));
        await server.Handlers.StartedAsync(id);
        var early = await ada.FetchAsync($"jobs/{id}/result");
        Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
        Assert.EndsWith($"/v1/jobs/{id}/result", early.Header("Location"), StringComparison.Ordinal);
        Assert.NotNull(early.Header("Retry-After"));
        Assert.Equal("running", (await early.JsonAsync()).Text("status"));

        var waiting = ada.FetchAsync($"jobs/{id}/result", ("Prefer", "wait=20"));
        server.Handlers.Release(id);
        Assert.Equal(HttpStatusCode.NoContent, (await waiting).StatusCode);
    }

    [Fact]
    public async Task A_failed_or_canceled_job_has_a_409_with_its_error()
    {
        var failed = (await ada.RunAsync("""{"type":"test.fail"}""")).Text("id");
        var problem = await ada.FetchAsync($"jobs/{failed}/result").ProblemAsync(409, "job_failed");
        Assert.Equal("out_of_paper", problem["jobError"]!.Text("code"));
        Assert.Equal("failed", problem["job"]!.Text("status"));

        var canceled = await ada.SubmitAsync("""{"type":"test.later"}""");
        await ada.SayAsync("POST", $"jobs/{canceled}/cancel");
        await ada.FetchAsync($"jobs/{canceled}/result").ProblemAsync(409, "job_canceled");
    }

    [Fact]
    public async Task The_input_comes_back_byte_for_byte()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later","input":{"a" : 1.50e1,  "b":"\u00e9"}}""");
        var answer = await ada.FetchAsync($"jobs/{id}/input");

        Assert.Equal("""{"a" : 1.50e1,  "b":"\u00e9"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await ada.FetchAsync($"jobs/{await ada.SubmitAsync("""{"type":"test.later"}""")}/input")).StatusCode);
    }
}
