using System.Text.Json.Nodes;
using Errand.Dialects.Workiva;

namespace Errand.Dialects.Tests.Workiva;

public sealed class OperationTests
{
    private static readonly JobId Id = JobId.Parse("129c274495354cf18edb6b3ea3d023b2");

    [Fact]
    public async Task The_vendors_example_is_reproduced()
    {
        await using var server = await WorkivaServer.StartAsync(start: DateTimeOffset.Parse("2019-10-28T15:03:27Z", null));
        await server.SubmitAsync(new JobSubmission { Type = "demo", Id = Id, RequestId = Guid.Parse("7bee78f7-417b-42bc-ace9-e588c65d19bf") }, owner: "system");
        server.Time.SetUtcNow(DateTimeOffset.Parse("2019-10-28T15:04:20Z", null));
        await server.Hand.ClaimAsync("demo");
        var client = await server.ReaderAsync("ada", "jobs.read.all");

        var (status, body, response) = await client.SayAsync("GET", "/platform/v1/operations/" + Id, null, ("Accept", "application/json"), ("X-Version", "2022-01-01"));

        Assert.Equal(200, status);
        Assert.Equal(
            $$$"""{"created":{"dateTime":"2019-10-28T15:03:27Z"},"id":"{{{Id}}}","originalRequest":"7bee78f7-417b-42bc-ace9-e588c65d19bf","status":"started","updated":{"dateTime":"2019-10-28T15:04:20Z"}}""",
            body);
        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
        server.Transcript.Verify("workiva-operations", "started");
    }

    [Theory]
    [InlineData("", "2026-01-01")]
    [InlineData("/platform/v1", "2022-01-01")]
    [InlineData("/prototype/platform", null)]
    public async Task A_copy_is_started_polled_and_its_results_read_page_by_page(string prefix, string? version)
    {
        await using var server = await WorkivaServer.StartAsync();
        var client = await server.ReaderAsync();
        if (version is not null) client.DefaultRequestHeaders.Add("X-Version", version);

        var started = await client.SayAsync("POST", prefix + "/files/f1/copy", """{"destinationContainer":"c1"}""");
        Assert.Equal((202, "", "1"), (started.Status, started.Body, started.Response.Headers.GetValues("Retry-After").Single()));
        var location = started.Response.Headers.Location!.PathAndQuery;
        Assert.StartsWith(prefix + "/operations/", location, StringComparison.Ordinal);
        var queued = JsonNode.Parse((await client.SayAsync("GET", location)).Body)!;
        Assert.Equal("queued", (string?)queued["status"]);
        Assert.Equal("ada", (string?)queued["created"]!["user"]!["id"]);
        Assert.Equal(started.Response.Headers.GetValues("X-Request-Id").Single(), (string?)queued["originalRequest"]);
        Assert.Equal(409, (await client.SayAsync("GET", location + "/copyFileResults")).Status);

        var claimed = await server.Hand.ClaimAsync("files.copy");
        await server.Hand.ItemsAsync(claimed, [.. Enumerable.Range(1, 5).Select(n => new JobItem
        {
            Key = $"f{n}",
            Status = n == 3 ? JobItemStatus.Failed : JobItemStatus.Succeeded,
            Result = n == 3 ? default : System.Text.Encoding.UTF8.GetBytes($$"""{"id":"n{{n}}","container":"c1","kind":"Document"}"""),
            Error = n == 3 ? new JobError("Locked", "f3 is locked") : null,
        })]);
        await server.Hand.SucceedAsync(claimed);
        var completed = await client.SayAsync("GET", location);
        var operation = JsonNode.Parse(completed.Body)!;
        Assert.Equal("completed", (string?)operation["status"]);
        Assert.False(completed.Response.Headers.Contains("Retry-After"));
        Assert.Equal("f3", (string?)operation["details"]![0]!["target"]);

        List<string> ids = [];
        for (var next = new Uri((string)operation["resourceUrl"]!).PathAndQuery + "?$maxpagesize=2"; next is not null;)
        {
            var (status, body, _) = await client.SayAsync("GET", next);
            Assert.Equal(200, status);
            var page = JsonNode.Parse(body)!;
            ids.AddRange(page["data"]!.AsArray().Select(entry => (string)entry!["id"]!));
            next = (string?)page["@nextLink"] is { } link ? new Uri(link).PathAndQuery : null;
        }

        Assert.Equal(["n1", "n2", "n4", "n5"], ids);
        if (prefix == "/platform/v1") server.Transcript.Verify("workiva-operations", "copy-and-results");
        Assert.Equal(404, (await client.SayAsync("GET", location + "/importFileResults")).Status);
        Assert.Equal(400, (await client.SayAsync("GET", location + "/copyFileResults?$next=AAAA")).Status);
        Assert.Equal(400, (await client.SayAsync("GET", location + "/copyFileResults?$maxpagesize=1001")).Status);
    }

    [Theory]
    [InlineData("""[{"id":"a"},{"id":"b"}]""", """{"data":[{"id":"a"},{"id":"b"}]}""")]
    [InlineData("""{"data":[{"id":"a"}],"revision":"2B3C"}""", """{"data":[{"id":"a"}],"revision":"2B3C"}""")]
    [InlineData("""{"revision":"2B3C4D5E"}""", """{"revision":"2B3C4D5E"}""")]
    [InlineData(null, """{"data":[]}""")]
    public async Task Results_without_items_are_the_jobs_own(string? result, string expected)
    {
        await using var server = await WorkivaServer.StartAsync();
        await server.SubmitAsync(new JobSubmission { Type = "demo", Id = Id });
        await server.Hand.SucceedAsync(await server.Hand.ClaimAsync("demo"), result);

        Assert.Equal(expected, (await (await server.ReaderAsync()).SayAsync("GET", $"/operations/{Id}/patchSheetResults")).Body);
    }

    [Fact]
    public async Task Failed_and_cancelled_operations_tell_why()
    {
        await using var server = await WorkivaServer.StartAsync();
        var client = await server.ReaderAsync();
        await server.SubmitAsync(new JobSubmission { Type = "demo", Id = Id });
        await server.Hand.FailAsync(await server.Hand.ClaimAsync("demo"), "SheetLocked", "cells are locked");
        var other = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        await server.JobsOf("ada").CancelAsync(other.Head.Id, "not needed");
        var later = await server.SubmitAsync(new JobSubmission { Type = "demo", Delay = TimeSpan.FromHours(1) });

        foreach (var id in new[] { Id, other.Head.Id, later.Head.Id }) await client.SayAsync("GET", $"/platform/v1/operations/{id}");
        server.Transcript.Verify("workiva-operations", "failed-cancelled-acknowledged");
    }

    [Fact]
    public async Task Every_documented_error_has_the_vendors_shape()
    {
        await using var server = await WorkivaServer.StartAsync();
        await server.SubmitAsync(new JobSubmission { Type = "demo", Id = Id });
        var client = await server.ReaderAsync();
        var bare = server.Bearer(await server.TokenAsync("ada"));
        var eve = await server.ReaderAsync("eve");
        const string path = "/platform/v1/operations/";

        Assert.Equal(200, (await bare.SayAsync("GET", path + Id)).Status);
        server.Transcript.Clear();
        Assert.Equal(400, (await client.SayAsync("GET", path + "a%20b")).Status);
        Assert.Equal(400, (await client.SayAsync("GET", path + Id, null, ("X-Version", "nonsense"))).Status);
        Assert.Equal(401, (await server.Client().SayAsync("GET", path + Id)).Status);
        Assert.Equal(403, (await bare.SayAsync("GET", path + Id + "/copyFileResults")).Status);
        Assert.Equal(403, (await bare.SayAsync("POST", "/files/f1/copy", "{}")).Status);
        Assert.Equal(404, (await eve.SayAsync("GET", path + Id)).Status);
        Assert.Equal(404, (await client.SayAsync("GET", path + "unknown")).Status);
        Assert.Equal(404, (await client.SayAsync("POST", "/files/f1/export", "{}")).Status);
        Assert.Equal(409, (await client.SayAsync("GET", path + Id + "/copyFileResults")).Status);
        server.Transcript.Verify("workiva-operations", "errors");
        Assert.Equal(413, (await client.SayAsync("POST", "/files/f1/copy", new string(' ', 10_485_761))).Status);

        await server.JobsOf("ada").CancelAsync(Id);
        await server.JobsOf("ada").PurgeAsync(Id);
        Assert.Equal(404, (await client.SayAsync("GET", path + Id)).Status);
    }

    [Theory]
    [InlineData("POST /files/{id}/copy", null)]
    [InlineData("POST /platform/v1/of/my/own/{name}", null)]
    [InlineData("POST /files/{id}/cpy", "is none of the vendor's calls. Did you mean 'POST /files/{fileId}/copy'?")]
    [InlineData("GET /files/{id}/copy", "must begin with")]
    [InlineData("/files/{id}/copy", "must be a method")]
    [InlineData("POST /platform/v1/{a}/{a}", "twice")]
    [InlineData("POST /platform/v1/{a:int}", "plain segments")]
    public void A_starter_has_a_name_of_the_vendors_or_a_whole_path(string starter, string? fault)
    {
        if (fault is null) Assert.Null(WorkivaOptions.FaultOf(starter));
        else Assert.Contains(fault, WorkivaOptions.FaultOf(starter), StringComparison.Ordinal);
    }

    [Fact]
    public void All_of_the_vendors_calls_and_results_are_known()
    {
        Assert.Equal(62, WorkivaOptions.KnownStarters.Count);
        Assert.Equal(24, StarterTable.Results.Count);
    }
}
