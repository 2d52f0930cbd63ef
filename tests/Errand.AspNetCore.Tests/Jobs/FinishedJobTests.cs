using System.Net;

namespace Errand.AspNetCore.Tests;

/// <summary>However often a finished job is asked for, the answer is the same; and it ends with the job.</summary>
public sealed class FinishedJobTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const int Often = 4;

    private readonly HttpClient ada = server.As();

    [Theory]
    [InlineData("""{"type":"test.echo","input":{"a":1},"labels":{"k":"v"}}""")]
    [InlineData("""{"type":"test.fail","input":"why"}""")]
    [InlineData("""{"type":"test.big"}""")]
    public async Task Every_answer_about_it_is_the_same(string submit)
    {
        var id = (await ada.RunAsync(submit)).Text("id");
        var answers = new List<(string ETag, string? Sunset, string Caching, string Vary, string Type, string Body)>();
        for (var i = 0; i < Often; i++)
        {
            var answer = await ada.FetchAsync($"jobs/{id}");
            answers.Add((
                answer.Header("ETag")!, answer.Header("Sunset"), answer.Header("Cache-Control")!, answer.Header("Vary")!, answer.Header("Content-Type")!,
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.NotNull(answers[0].Sunset);
    }

    [Fact]
    public async Task Its_tag_answers_304_and_head_sends_no_body()
    {
        var id = (await ada.RunAsync("""{"type":"test.echo","input":1}""")).Text("id");
        for (var i = 0; i < Often; i++)
        {
            var answer = await ada.FetchAsync($"jobs/{id}");
            var same = await ada.FetchAsync($"jobs/{id}", ("If-None-Match", answer.Header("ETag")!));
            Assert.Equal((HttpStatusCode.NotModified, answer.Header("ETag"), answer.Header("Sunset")), (same.StatusCode, same.Header("ETag"), same.Header("Sunset")));
            var head = await ada.SayAsync("HEAD", $"jobs/{id}");
            Assert.Equal((answer.Content.Headers.ContentLength, ""), (head.Content.Headers.ContentLength, await head.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }
    }

    [Theory]
    [InlineData("", 410, "job_purged")]
    [InlineData("?tombstone=false", 404, "not_found")]
    public async Task Deleted_it_is_gone_with_the_next_request(string how, int status, string code)
    {
        var id = (await ada.RunAsync("""{"type":"test.echo","input":1}""")).Text("id");
        for (var i = 0; i < Often; i++) await ada.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK);
        var gone = await server.As("boss").SayAsync("DELETE", $"jobs/{id}{how}");
        Assert.True(gone.IsSuccessStatusCode, $"{gone.StatusCode}");

        await ada.FetchAsync($"jobs/{id}").ProblemAsync(status, code);
        await ada.FetchAsync($"jobs/{id}", ("If-None-Match", "*")).ProblemAsync(status, code);
    }

    [Fact]
    public async Task To_others_it_is_unknown_however_often_its_owner_asks()
    {
        var id = (await ada.RunAsync("""{"type":"test.echo","input":1}""")).Text("id");
        var unknown = JobId.New(DateTimeOffset.UnixEpoch).ToString();
        for (var i = 0; i < Often; i++)
        {
            await ada.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK);
            foreach (var stranger in (string[])["bob", "eve"])
            {
                var (foreign, none) = (await ProblemOf(stranger, id), await ProblemOf(stranger, unknown));
                Assert.Equal(none, foreign);
            }
        }
    }

    [Fact]
    public async Task Another_address_gets_links_of_its_own()
    {
        var id = (await ada.RunAsync("""{"type":"test.echo","input":1}""")).Text("id");
        var other = new UriBuilder(server.Address) { Host = "localhost" }.Uri;
        for (var i = 0; i < Often; i++)
        {
            foreach (var address in (Uri[])[server.Address, other])
            {
                using var client = server.As();
                client.DefaultRequestHeaders.Host = address.Authority;
                var job = await client.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK);
                Assert.StartsWith(address.AbsoluteUri, job["links"]!.Text("self"), StringComparison.Ordinal);
            }
        }
    }

    private async Task<string> ProblemOf(string person, string id)
    {
        var problem = await server.As(person).FetchAsync($"jobs/{id}").ProblemAsync(404, "not_found");
        problem["instance"] = problem["traceId"] = null;
        return problem.ToJsonString();
    }
}
