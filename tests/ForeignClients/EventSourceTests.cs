using System.Text.Json.Nodes;

namespace Errand.ForeignClients.Tests;

/// <summary>npm's eventsource on a job's events.</summary>
public sealed class EventSourceTests
{
    [Fact]
    public async Task Resumes_after_a_broken_connection_and_stops_for_ever_at_the_end()
    {
        await using var server = await ForeignServer.StartAsync();
        var id = await server.SubmitAsync("answer.find");
        await using var source = NodeProgram.Start("events.mjs", new JsonObject { ["url"] = new Uri(server.Address, $"v1/jobs/{id}/events").ToString(), ["token"] = server.Token });
        Assert.Equal("", (string?)(await source.NextAsync("asked"))["asked"]);
        var seen = await source.NextAsync("kind");
        Assert.Equal("job.snapshot", (string?)seen["kind"]);
        while ((string?)seen["status"] != "running") seen = await source.NextAsync("kind");

        server.CutStreams();
        Assert.False((bool)(await source.NextAsync("lost"))["closed"]!);
        server.Gate.Open();

        var resumed = await source.NextAsync("asked");
        Assert.Equal((string?)seen["id"], (string?)resumed["asked"]);
        var missed = await source.NextAsync("kind");
        Assert.Equal("job.snapshot", (string?)missed["kind"]);
        while ((string?)missed["status"] != "succeeded") missed = await source.NextAsync("kind");
        Assert.NotEqual((string?)seen["id"], (string?)missed["id"]);

        var last = await source.NextAsync("lost");
        if (!(bool)last["closed"]!)
        {
            Assert.Equal((string?)missed["id"], (string?)(await source.NextAsync("asked"))["asked"]);
            last = await source.NextAsync("lost");
        }

        Assert.Equal((true, 204), ((bool)last["closed"]!, (int)last["code"]!));
        Assert.Null(await source.NextAsync());
    }
}
