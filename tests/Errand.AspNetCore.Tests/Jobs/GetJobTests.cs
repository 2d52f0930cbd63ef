using System.Net;

namespace Errand.AspNetCore.Tests;

public sealed class GetJobTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient ada = server.As();

    [Fact]
    public async Task A_waiting_job_says_when_to_ask_again_and_is_never_cached_blindly()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var answer = await ada.FetchAsync($"jobs/{id}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-cache, private", answer.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.InRange(int.Parse(answer.Header("Retry-After")!), 1, 2);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task An_unchanged_job_is_a_304_for_strong_and_weak_tags_and_stars()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var tag = (await ada.FetchAsync($"jobs/{id}")).Header("ETag")!;

        foreach (var condition in (string[])[tag, "W/" + tag, $"\"9.9\", {tag}", "*"])
        {
            var answer = await ada.FetchAsync($"jobs/{id}", ("If-None-Match", condition));
            Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
            Assert.Equal(tag, answer.Header("ETag"));
        }

        Assert.Equal(HttpStatusCode.OK, (await ada.FetchAsync($"jobs/{id}", ("If-None-Match", "\"0.0\""))).StatusCode);
    }

    [Fact]
    public async Task Head_says_what_get_would_and_sends_no_body()
    {
        var id = (await ada.RunAsync("""{"type":"test.echo","input":{"a":1}}""")).Text("id");
        var get = await ada.FetchAsync($"jobs/{id}");
        var head = await ada.SayAsync("HEAD", $"jobs/{id}");

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Header("ETag"), head.Header("ETag"));
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal("", await head.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_wait_holds_the_answer_until_the_end()
    {
        var id = JobId.Parse(await ada.SubmitAsync("""{"type":"test.hold"}"""));
        await server.Handlers.StartedAsync(id);
        var waiting = ada.FetchAsync($"jobs/{id}", ("Prefer", "wait=20"));
        server.Handlers.Release(id);

        var answer = await waiting;
        Assert.Equal("wait=20", answer.Header("Preference-Applied"));
        Assert.Equal("succeeded", (await answer.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task A_wait_that_is_over_answers_the_job_as_it_is()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var answer = await ada.FetchAsync($"jobs/{id}", ("Prefer", "wait=0")).JsonAsync(HttpStatusCode.OK);

        Assert.Equal("queued", answer.Text("status"));
    }

    [Fact]
    public async Task A_wait_with_a_tag_ends_with_any_change()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var tag = (await ada.FetchAsync($"jobs/{id}")).Header("ETag")!;
        var waiting = ada.FetchAsync($"jobs/{id}", ("Prefer", "wait=20"), ("If-None-Match", tag));
        await ada.SayAsync("PATCH", $"jobs/{id}", """{"priority":9}""", "application/merge-patch+json");

        var answer = await waiting;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEqual(tag, answer.Header("ETag"));
        Assert.Equal(HttpStatusCode.OK, (await ada.FetchAsync($"jobs/{id}", ("Prefer", "wait=20"), ("If-None-Match", tag))).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await ada.FetchAsync($"jobs/{id}", ("Prefer", "wait=0"), ("If-None-Match", answer.Header("ETag")!))).StatusCode);
    }

    [Fact]
    public async Task Input_and_attempts_are_shown_when_asked_for()
    {
        var id = (await ada.RunAsync("""{"type":"test.fail","input":{"a":[1]}}""")).Text("id");
        var job = await ada.FetchAsync($"jobs/{id}?include=input,attempts").JsonAsync(HttpStatusCode.OK);

        Assert.Equal(1, (int)job["input"]!["a"]![0]!);
        Assert.Equal("failed", job["attempts"]![0]!.Text("outcome"));
        await ada.FetchAsync($"jobs/{id}?include=inputs").ProblemAsync(400, "invalid_request");
        await server.As("plain").FetchAsync($"jobs/{id}?include=input").ProblemAsync(403, "insufficient_scope");
    }

    [Fact]
    public async Task A_failed_job_says_why_and_shows_the_stack_to_admins_only()
    {
        var id = (await ada.RunAsync("""{"type":"test.fail"}""")).Text("id");
        var error = (await ada.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK))["error"]!;
        var full = (await server.As("boss").FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK))["error"]!;

        Assert.Equal("out_of_paper", error.Text("code"));
        Assert.Equal("The printer is out of paper.", error.Text("message"));
        Assert.Equal(error.Text("message"), error.Text("detail"));
        Assert.EndsWith("/v1/problems/job-errors#out_of_paper", error.Text("type"), StringComparison.Ordinal);
        Assert.Null(error["stack"]);
        Assert.Equal("at Printer.Print()", full.Text("stack"));
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("no-job-of-ours")]
    [InlineData("a~b.c_d")]
    [InlineData("x:cancel")]
    [InlineData("%2e%2e%2fetc")]
    public async Task Whatever_is_not_there_is_a_404(string id) => await ada.FetchAsync($"jobs/{id}").ProblemAsync(404, "not_found");

    [Fact]
    public async Task A_purged_job_is_gone_for_its_owner_and_unknown_to_others()
    {
        var id = (await ada.RunAsync("""{"type":"test.echo"}""")).Text("id");
        Assert.Equal(HttpStatusCode.NoContent, (await server.As("boss").SayAsync("DELETE", $"jobs/{id}")).StatusCode);

        var gone = await ada.FetchAsync($"jobs/{id}").ProblemAsync(410, "job_purged");
        Assert.EndsWith("Z", gone.Text("purgedAt"), StringComparison.Ordinal);
        foreach (var part in (string[])["result", "input", "items", "messages", "outputs", "events", "why"])
        {
            await ada.FetchAsync($"jobs/{id}/{part}").ProblemAsync(410, "job_purged");
        }

        await server.As("bob").FetchAsync($"jobs/{id}").ProblemAsync(404, "not_found");
        await server.As("eve").FetchAsync($"jobs/{id}").ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Why_tells_in_a_sentence_and_a_word()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later","delay":"PT1H"}""");
        var why = await ada.FetchAsync($"jobs/{id}/why").JsonAsync(HttpStatusCode.OK);

        Assert.Equal("scheduled", why.Text("code"));
        Assert.EndsWith("Z", why.Text("until"), StringComparison.Ordinal);
        Assert.NotEqual("", why.Text("sentence"));
    }
}
