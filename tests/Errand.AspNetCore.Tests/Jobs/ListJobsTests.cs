using System.Net;
using System.Text.Json.Nodes;

namespace Errand.AspNetCore.Tests;

public sealed class ListJobsTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient ada = server.As();

    [Fact]
    public async Task Pages_follow_each_other_by_token_and_by_link_without_gap_or_repetition()
    {
        var group = Guid.NewGuid().ToString("N");
        var ids = new List<string>();
        for (var i = 0; i < 7; i++) ids.Add(await ada.SubmitAsync($$"""{"type":"test.later","correlationId":"{{group}}"}"""));

        var seen = new List<string>();
        var next = $"jobs?correlationId={group}&pageSize=3";
        for (var pages = 0; next is not null; pages++)
        {
            Assert.True(pages < 4);
            var answer = await ada.FetchAsync(next);
            var page = await answer.JsonAsync();
            seen.AddRange(page["items"]!.AsArray().Select(i => i!.Text("id")));
            var link = answer.Header("Link");
            Assert.Equal(page["nextPageToken"] is null, link is null);
            next = link?[1..link.IndexOf('>', StringComparison.Ordinal)];
        }

        Assert.Equal(ids.AsEnumerable().Reverse(), seen);
    }

    [Fact]
    public async Task A_token_is_good_for_its_own_list_only()
    {
        var group = Guid.NewGuid().ToString("N");
        for (var i = 0; i < 2; i++) await ada.SubmitAsync($$"""{"type":"test.later","correlationId":"{{group}}"}""");
        var token = (await ada.FetchAsync($"jobs?correlationId={group}&pageSize=1").JsonAsync(HttpStatusCode.OK)).Text("nextPageToken");

        Assert.Equal(HttpStatusCode.OK, (await ada.FetchAsync($"jobs?correlationId={group}&pageSize=2&pageToken={token}")).StatusCode);
        await ada.FetchAsync($"jobs?pageToken={token}").ProblemAsync(400, "invalid_page_token");
        await ada.FetchAsync($"jobs?correlationId={group}&orderBy=createdAt&pageToken={token}").ProblemAsync(400, "invalid_page_token");
        await ada.FetchAsync($"jobs?correlationId={group}&pageToken={token[..^2]}").ProblemAsync(400, "invalid_page_token");
        await ada.FetchAsync($"jobs?correlationId={group}&pageToken=bm9uc2Vuc2U").ProblemAsync(400, "invalid_page_token");
        await server.As("bob").FetchAsync($"jobs?correlationId={group}&pageToken={token}").ProblemAsync(400, "invalid_page_token");
        await server.As("eve").FetchAsync($"jobs?correlationId={group}&pageToken={token}").ProblemAsync(400, "invalid_page_token");
    }

    [Fact]
    public async Task One_sees_ones_own_jobs_and_the_tenants_with_the_scope_for_it()
    {
        var group = Guid.NewGuid().ToString("N");
        foreach (var person in (string[])["ada", "bob", "eve"]) await server.As(person).SubmitAsync($$"""{"type":"test.later","correlationId":"{{group}}"}""");

        Assert.Equal(["ada"], await OwnersAsync("ada", group));
        Assert.Equal(["bob"], await OwnersAsync("bob", group));
        Assert.Equal(["bob", "ada"], await OwnersAsync("boss", group));
        Assert.Equal(["eve"], await OwnersAsync("eve", group));
    }

    [Fact]
    public async Task Filters_narrow_by_language_and_by_parameter()
    {
        var group = Guid.NewGuid().ToString("N");
        await ada.SubmitAsync($$"""{"type":"test.later","correlationId":"{{group}}","labels":{"team":"red","n":"1"} }""");
        await ada.SubmitAsync($$"""{"type":"test.later","correlationId":"{{group}}","labels":{"team":"blue","n":"2"} ,"delay":"PT1H"}""");
        await ada.RunAsync($$"""{"type":"test.echo","correlationId":"{{group}}","labels":{"n":"3"} }""");

        Assert.Equal(["1"], await FoundAsync(group, "label.team=red"));
        Assert.Equal(["2"], await FoundAsync(group, "status=scheduled"));
        Assert.Equal(["2", "1"], await FoundAsync(group, "status=scheduled,queued"));
        Assert.Equal(["3"], await FoundAsync(group, "filter=type:test.e*"));
        Assert.Equal(["2", "1"], await FoundAsync(group, "filter=-status:succeeded+type:test.*+created:<1h"));
        Assert.Equal([], await FoundAsync(group, "createdBefore=2020-01-01T00:00:00Z"));
        Assert.Equal(["3"], await FoundAsync(group, "finishedAfter=2020-01-01T00:00:00%2B01:00"));
        Assert.Equal(["1", "2", "3"], await FoundAsync(group, "orderBy=createdAt"));
        Assert.Equal(["3"], await FoundAsync(group, "orderBy=finishedAt%20desc"));
    }

    [Fact]
    public async Task Lists_show_neither_inputs_nor_results()
    {
        var group = Guid.NewGuid().ToString("N");
        await ada.RunAsync($$"""{"type":"test.echo","input":{"secret":1},"correlationId":"{{group}}"}""");
        var job = (await ada.FetchAsync($"jobs?correlationId={group}").JsonAsync(HttpStatusCode.OK))["items"]![0]!;

        Assert.Null(job["input"]);
        Assert.Null(job["result"]);
    }

    [Theory]
    [InlineData("statu=failed", "unknown_parameter", "statu")]
    [InlineData("label.=x", "unknown_parameter", "label.")]
    [InlineData("status=done", "invalid_request", "status, type or queue")]
    [InlineData("filter=state:failed", "invalid_request", "filter")]
    [InlineData("filter=status:failed&status=queued", "invalid_request", "status")]
    [InlineData("status=failed&status=queued", "invalid_request", "status")]
    [InlineData("pageSize=-1", "invalid_request", "pageSize")]
    [InlineData("pageSize=many", "invalid_request", "pageSize")]
    [InlineData("orderBy=priority", "invalid_request", "orderBy")]
    [InlineData("createdAfter=yesterday", "invalid_request", "createdAfter")]
    [InlineData("createdAfter=2026-01-01T00:00:00", "invalid_request", "createdAfter")]
    public async Task A_mistake_in_the_query_names_its_parameter(string query, string code, string parameter)
    {
        var problem = await ada.FetchAsync($"jobs?{query}").ProblemAsync(400, code);

        Assert.Equal(parameter, problem.Text("parameter"));
    }

    [Fact]
    public async Task A_wish_for_more_than_a_page_holds_is_cut_and_the_version_of_azure_sdks_is_ignored() =>
        Assert.Equal(HttpStatusCode.OK, (await ada.FetchAsync("jobs?pageSize=100000&api-version=2026-01-01")).StatusCode);

    private async Task<List<string>> OwnersAsync(string person, string group) =>
        [.. (await server.As(person).FetchAsync($"jobs?correlationId={group}").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray().Select(i => i!.Text("createdBy"))];

    private async Task<List<string>> FoundAsync(string group, string query) =>
        [.. (await ada.FetchAsync($"jobs?correlationId={group}&{query}").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray().Select(Number)];

    private static string Number(JsonNode? job) => job!["labels"]!.Text("n") is { Length: > 0 } number ? number : "1";
}
