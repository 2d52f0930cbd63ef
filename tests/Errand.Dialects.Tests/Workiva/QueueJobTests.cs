using System.Text.Json.Nodes;
using Errand.Dialects.Workiva;

namespace Errand.Dialects.Tests.Workiva;

public sealed class QueueJobTests
{
    private const string Path = "/spreadsheets/v1/queue-jobs/";
    private static readonly JobId Id = JobId.Parse("7d1f3c2a5b6e4f708192a3b4c5d6e7f8");

    [Fact]
    public async Task The_vendors_example_is_reproduced()
    {
        await using var server = await WorkivaServer.StartAsync(start: DateTimeOffset.Parse("2020-04-30T14:23:21.690124Z", null));
        await server.SubmitAsync(new JobSubmission { Type = "demo", Id = Id });
        var claimed = await server.Hand.ClaimAsync("demo");
        server.Time.SetUtcNow(DateTimeOffset.Parse("2020-04-30T14:23:22.4133041Z", null));
        await server.Hand.SucceedAsync(claimed);

        var (status, body, _) = await (await server.ReaderAsync()).SayAsync("GET", Path + Id);

        Assert.Equal(200, status);
        var answer = JsonNode.Parse(body)!.AsObject();
        Assert.True(Guid.TryParse((string?)answer["request_id"], out _));
        answer.Remove("request_id");
        Assert.Equal(
            $$$"""{"data":{"created":"2020-04-30T14:23:21.690124Z","finished":"2020-04-30T14:23:22.4133041Z","id":"{{{Id}}}","next_url":"{{{server.Address.ToString().TrimEnd('/')}}}{{{Path}}}{{{Id}}}","status":"SUCCESSFUL"}}""",
            answer.ToJsonString());
        server.Transcript.Verify("workiva-queue-jobs", "successful");
    }

    [Fact]
    public async Task A_write_is_started_polled_and_its_output_fetched_without_credentials()
    {
        await using var server = await WorkivaServer.StartAsync(options => options.SeeOther = WorkivaSeeOther.Output);
        var client = await server.ReaderAsync();

        var started = await client.SayAsync("PUT", "/spreadsheets/v1/async/spreadsheets/s1/sheets/t1/data/A1:B2?mode=raw", "[[1,null],[3,4]]", ("X-Version", "2022-01-01"));
        Assert.Equal(202, started.Status);
        var location = started.Response.Headers.Location!.PathAndQuery;
        Assert.Contains("\"PENDING\"", (await client.SayAsync("GET", location)).Body, StringComparison.Ordinal);
        var claimed = await server.Hand.ClaimAsync("cells.write");
        server.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("\"RUNNING\"", (await client.SayAsync("GET", location)).Body, StringComparison.Ordinal);
        await server.Hand.SucceedAsync(claimed, """{"cells":4}""");
        var seeOther = await client.SayAsync("GET", location);
        Assert.Equal(303, seeOther.Status);
        var target = seeOther.Response.Headers.Location!;
        Assert.Equal(target.ToString(), (string?)JsonNode.Parse(seeOther.Body)!["data"]!["next_url"]);
        Assert.NotEqual(location, target.PathAndQuery);

        var output = await server.Client().SayAsync("GET", target.PathAndQuery);
        Assert.Equal((200, """{"cells":4}"""), (output.Status, output.Body));
        server.Transcript.Verify("workiva-queue-jobs", "see-other");
        Assert.Equal(403, (await server.Client().SayAsync("GET", target.PathAndQuery.Split('?')[0] + "?token=AAAA")).Status);
        server.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(403, (await server.Client().SayAsync("GET", target.PathAndQuery)).Status);
    }

    [Fact]
    public async Task The_job_of_a_call_has_all_of_the_call_for_its_input()
    {
        await using var server = await WorkivaServer.StartAsync();
        var started = await (await server.ReaderAsync()).SayAsync("PUT", "/spreadsheets/v1/async/spreadsheets/s1/sheets/t1/data/A1:B2?mode=raw&x=1&x=2", "[[1,null]]");
        var job = (await server.JobsOf("ada").FindAsync(JobId.Parse(started.Response.Headers.Location!.Segments[^1]), JobParts.Input)).Job!;

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"path":{"spreadsheetId":"s1","sheetId":"t1","region":"A1:B2"},"query":{"mode":"raw","x":["1","2"]},"body":[[1,null]]}"""),
            JsonNode.Parse(job.Input!.Json.Span)));
        Assert.Equal(started.Response.Headers.GetValues("X-Request-Id").Single(), job.Details.RequestId.ToString());
    }

    [Fact]
    public async Task Without_redirects_the_next_url_leads_to_the_output()
    {
        await using var server = await WorkivaServer.StartAsync();
        var job = await server.SubmitAsync(new JobSubmission { Type = "demo", Id = Id });
        var claimed = await server.Hand.ClaimAsync("demo");
        await server.Hand.PublishAsync(claimed, "rows", "rows.csv", "a,b", ("csv", "text/csv"));
        await server.Hand.SucceedAsync(claimed);

        var (status, body, _) = await (await server.ReaderAsync()).SayAsync("GET", Path + job.Head.Id);
        var output = await server.Client().SayAsync("GET", new Uri((string)JsonNode.Parse(body)!["data"]!["next_url"]!).PathAndQuery);
        Assert.Equal((200, 200, "a,b"), (status, output.Status, output.Body));
        Assert.Equal("text/csv", output.Response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_failed_and_a_canceled_job_say_why()
    {
        await using var server = await WorkivaServer.StartAsync();
        var client = await server.ReaderAsync();
        await server.SubmitAsync(new JobSubmission { Type = "demo", Id = Id });
        await server.Hand.FailAsync(await server.Hand.ClaimAsync("demo"), "SheetLocked", "The sheet is locked.");
        await client.SayAsync("GET", Path + Id);
        server.Transcript.Verify("workiva-queue-jobs", "failed");

        var other = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        await server.JobsOf("ada").CancelAsync(other.Head.Id, "not needed");
        var (_, body, _) = await client.SayAsync("GET", Path + other.Head.Id);
        Assert.Contains("\"FAILED\"", body, StringComparison.Ordinal);
        Assert.Contains("canceled: not needed", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_documented_error_has_the_vendors_shape()
    {
        await using var server = await WorkivaServer.StartAsync(options => options.QueueJobTypes = ["demo"]);
        var job = await server.SubmitAsync(new JobSubmission { Type = "demo", Id = Id });
        var other = await server.SubmitAsync(new JobSubmission { Type = "files.copy", Id = JobId.Parse("8d1f3c2a5b6e4f708192a3b4c5d6e7f8") });
        var client = await server.ReaderAsync();
        var narrow = server.Bearer(await server.TokenAsync("ada", scopes: ["data_tables|w"]));
        var eve = await server.ReaderAsync("eve");

        Assert.Equal(400, (await client.SayAsync("GET", Path + "a%20b")).Status);
        Assert.Equal(400, (await client.SayAsync("GET", Path + Id, null, ("X-Version", "2021-01-01"))).Status);
        Assert.Equal(404, (await client.SayAsync("GET", Path + Id, null, ("X-Version", "2026-01-01"))).Status);
        Assert.Equal(401, (await server.Client().SayAsync("GET", Path + Id)).Status);
        Assert.Equal(403, (await narrow.SayAsync("GET", Path + Id)).Status);
        Assert.Equal(404, (await client.SayAsync("GET", Path + "bd9iOjhlYmViZDY2YjdkYzQzMHU5NmU5MWQ4YzRjMTNiOWYwOjI")).Status);
        Assert.Equal(404, (await eve.SayAsync("GET", Path + Id)).Status);
        Assert.Equal(422, (await client.SayAsync("GET", Path + other.Head.Id)).Status);
        Assert.Equal(405, (await client.SayAsync("DELETE", Path + Id)).Status);
        Assert.Equal(400, (await client.SayAsync("PUT", "/spreadsheets/v1/async/spreadsheets/s1/sheets/t1/data/A1", "{no")).Status);
        Assert.Equal(404, (await client.SayAsync("PUT", "/spreadsheets/v1/async/elsewhere", "{}")).Status);
        server.Transcript.Verify("workiva-queue-jobs", "errors");

        await server.JobsOf("ada").CancelAsync(job.Head.Id);
        await server.JobsOf("ada").PurgeAsync(job.Head.Id);
        server.Transcript.Clear();
        var gone = await client.SayAsync("GET", Path + Id);
        Assert.Equal((410, 0L, null), (gone.Status, gone.Response.Content.Headers.ContentLength, gone.Response.Content.Headers.ContentType));
        Assert.Equal(404, (await eve.SayAsync("GET", Path + Id)).Status);
        server.Transcript.Verify("workiva-queue-jobs", "gone");
    }

    [Fact]
    public async Task Odd_headers_and_unknown_parameters_are_never_refused_and_the_dates_come_by_option()
    {
        await using var server = await WorkivaServer.StartAsync(options => options.DeprecationHeaders = true);
        await server.SubmitAsync(new JobSubmission { Type = "demo", Id = Id });
        var client = await server.ReaderAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Path + Id + "?per_page=100&page=1") { Content = new StringContent("", null, "application/json") };
        request.Headers.Add("Accept", "*/*");
        request.Headers.Add("Idempotency-Key", "a");
        var response = await client.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        server.Transcript.Verify("workiva-queue-jobs", "deprecated");
        Assert.Equal("@1770854400", response.Headers.GetValues("Deprecation").Single());
        Assert.Equal("Wed, 31 Jan 2029 00:00:00 GMT", response.Headers.GetValues("Sunset").Single());
        Assert.False((await client.GetAsync(new Uri("/operations/" + Id, UriKind.Relative))).Headers.Contains("Sunset"));
    }
}
