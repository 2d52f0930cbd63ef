using System.Net;
using System.Text.Json.Nodes;

namespace Errand.AspNetCore.Tests;

public sealed class ContentsTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient ada = server.As();

    [Fact]
    public async Task A_batch_shows_at_a_glance_that_some_items_failed()
    {
        var job = await RunBatchAsync(5);

        Assert.Equal("succeeded", job.Text("status"));
        Assert.Equal(5, (int)job["progress"]!["completed"]!);
        Assert.Equal(5, (int)job["progress"]!["total"]!);
        Assert.Equal(2, (int)job["progress"]!["failed"]!);
        Assert.Equal(100, (double)job["progress"]!["percent"]!);
        Assert.Equal(5, (int)job["itemCount"]!);
    }

    [Fact]
    public async Task Items_come_in_pages_and_by_status()
    {
        var id = (await RunBatchAsync(5)).Text("id");
        var first = await ada.FetchAsync($"jobs/{id}/items?pageSize=3").JsonAsync(HttpStatusCode.OK);
        var second = await ada.FetchAsync($"jobs/{id}/items?pageSize=3&pageToken={first.Text("nextPageToken")}").JsonAsync(HttpStatusCode.OK);

        Assert.Equal([0, 1, 2, 3, 4], first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(i => (int)i!["index"]!));
        Assert.Null(second["nextPageToken"]);
        Assert.Equal(2, (int)first["items"]![2]!["result"]!["n"]!);
        var failed = await ada.FetchAsync($"jobs/{id}/items?status=failed").JsonAsync(HttpStatusCode.OK);
        Assert.Equal(["row 1", "row 3"], failed["items"]!.AsArray().Select(i => i!.Text("key")));
        Assert.Equal("odd", failed["items"]![0]!["error"]!.Text("code"));
        Assert.Null(failed["items"]![0]!["error"]!["stack"]);
        await ada.FetchAsync($"jobs/{id}/items?status=odd").ProblemAsync(400, "invalid_request");
    }

    [Fact]
    public async Task Items_stream_whole_as_lines_and_as_a_table()
    {
        var id = (await RunBatchAsync(4)).Text("id");
        var lines = await (await ada.FetchAsync($"jobs/{id}/items", ("Accept", "application/x-ndjson"))).Content.ReadAsStringAsync();
        var table = await ada.FetchAsync($"jobs/{id}/items?status=failed", ("Accept", "text/csv;q=0.9, application/json;q=0.1"));

        Assert.Equal(4, lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!.Text("key")).Distinct().Count());
        Assert.Equal("text/csv", table.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            "index,key,status,error_code,error_message,result\r\n1,row 1,failed,odd,\"Odd, \"\"really\"\".\",\r\n3,row 3,failed,odd,\"Odd, \"\"really\"\".\",\r\n",
            await table.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_log_is_read_by_gravity_and_followed_by_sequence()
    {
        var id = (await RunBatchAsync(2)).Text("id");
        var all = (await ada.FetchAsync($"jobs/{id}/messages").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray();
        Assert.Equal(["begun", "half of them are odd"], all.Select(m => m!.Text("text")));
        Assert.Equal(3, (int)all[0]!["source"]!);
        Assert.Equal("info", all[0]!.Text("severity"));

        var grave = (await ada.FetchAsync($"jobs/{id}/messages?severity=warning").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray();
        Assert.Equal("half of them are odd", Assert.Single(grave)!.Text("text"));
        var after = (await ada.FetchAsync($"jobs/{id}/messages?after={all[0]!["sequence"]}").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray();
        Assert.Equal("half of them are odd", Assert.Single(after)!.Text("text"));
        var page = await ada.FetchAsync($"jobs/{id}/messages?pageSize=1").JsonAsync(HttpStatusCode.OK);
        var next = await ada.FetchAsync($"jobs/{id}/messages?pageSize=1&pageToken={page.Text("nextPageToken")}").JsonAsync(HttpStatusCode.OK);
        Assert.Equal("half of them are odd", next["items"]![0]!.Text("text"));
        await ada.FetchAsync($"jobs/{id}/messages?severity=grave").ProblemAsync(400, "invalid_request");
        await ada.FetchAsync($"jobs/{id}/messages?attempt=0").ProblemAsync(400, "invalid_request");
    }

    [Fact]
    public async Task An_output_is_listed_and_downloaded_in_its_formats()
    {
        var id = (await RunBatchAsync(2)).Text("id");
        var output = (await ada.FetchAsync($"jobs/{id}/outputs").JsonAsync(HttpStatusCode.OK))["items"]![0]!;
        Assert.Equal("rows", output.Text("id"));
        Assert.Equal(["csv", "json"], output["availableFormats"]!.AsArray().Select(f => (string)f!));

        var first = await ada.FetchAsync($"jobs/{id}/outputs/rows");
        Assert.Equal("a,b\r\n1,2\r\n", await first.Content.ReadAsStringAsync());
        Assert.Equal("text/csv", first.Content.Headers.ContentType!.MediaType);
        Assert.Contains("rows.csv", first.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal(output.Text("digest"), first.Header("Repr-Digest"));
        Assert.Equal("[1,2]", await (await ada.FetchAsync(output["formats"]![1]!.Text("url"))).Content.ReadAsStringAsync());
        await ada.FetchAsync($"jobs/{id}/outputs/rows?format=xml").ProblemAsync(404, "not_found");
        await ada.FetchAsync($"jobs/{id}/outputs/none").ProblemAsync(404, "not_found");
    }

    private Task<JsonNode> RunBatchAsync(int count) =>
        ada.RunAsync($$"""{"type":"test.batch","items":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"n":{{i}}}"""))}}]}""");
}
