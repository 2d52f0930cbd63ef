using System.Net;

namespace Errand.AspNetCore.Tests;

public sealed class UploadTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient ada = server.As();

    [Theory]
    [InlineData("text/csv; charset=utf-8", "a,b\r\n1,\"x,y\"\r\n2,z\r\n", "csv")]
    [InlineData("application/x-ndjson", "{\"a\":1}\n{\"a\":2}\n", "ndjson")]
    [InlineData("application/json", "[{\"a\":1},{\"a\":2}]", "json")]
    public async Task A_file_of_items_is_counted_and_becomes_the_items_of_a_job(string mediaType, string content, string format)
    {
        var answer = await ada.SayAsync("POST", "uploads", content, mediaType);
        var upload = await answer.JsonAsync();

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(format, upload.Text("format"));
        Assert.Equal(2, (int)upload["items"]!);
        Assert.Equal(content.Length, (int)upload["size"]!);
        Assert.Matches("^sha-256=:.+:$", upload.Text("digest"));
        Assert.Equal(upload.Text("id"), (await ada.FetchAsync(answer.Header("Location")!).JsonAsync(HttpStatusCode.OK)).Text("id"));
        var job = await ada.RunAsync($$"""{"type":"test.batch","itemsFrom":"{{upload.Text("id")}}"}""");
        Assert.Equal(2, (int)job["progress"]!["completed"]!);
    }

    [Fact]
    public async Task Somebody_elses_upload_is_unknown()
    {
        var upload = (await ada.SayAsync("POST", "uploads", "[1]").JsonAsync(HttpStatusCode.Created)).Text("id");

        foreach (var person in (string[])["bob", "eve"])
        {
            await server.As(person).FetchAsync($"uploads/{upload}").ProblemAsync(404, "not_found");
            var refused = await server.As(person).PostAsync("jobs", $$"""{"type":"test.batch","itemsFrom":"{{upload}}"}""");
            Assert.InRange((int)refused.StatusCode, 400, 499);
        }
    }

    [Fact]
    public async Task A_broken_file_is_refused_with_its_line()
    {
        var problem = await ada.SayAsync("POST", "uploads", "a,b\r\n1,2\r\n3\r\n", "text/csv").ProblemAsync(400, "invalid_request");
        Assert.Contains("3", problem.Text("detail"), StringComparison.Ordinal);

        await ada.SayAsync("POST", "uploads", "{\"a\":1}\n{oops\n", "application/x-ndjson").ProblemAsync(400, "invalid_request");
        var media = await ada.SayAsync("POST", "uploads", "x", "text/plain");
        Assert.Equal("text/csv, application/x-ndjson, application/json", media.Header("Accept"));
        await Task.FromResult(media).ProblemAsync(415, "unsupported_media_type");
        await ada.SayAsync("POST", "uploads").ProblemAsync(415, "unsupported_media_type");
    }
}
