using System.Text.Json.Nodes;

namespace Errand.ForeignClients.Tests;

/// <summary>The poller of npm's @azure/core-lro, against the native API and against an endpoint that runs as a job.</summary>
public sealed class AzureLroTests
{
    [Theory]
    [InlineData("v1/jobs", """{"type":"answer.find"}""", """{"answer":42}""")]
    [InlineData("answers", """{"text":"six by nine"}""", """{"value":42}""")]
    public async Task Polls_to_the_end_and_fetches_the_result(string path, string body, string result)
    {
        await using var server = await ForeignServer.StartAsync();

        var lines = await NodeProgram.RunAsync("azure-lro.mjs", Ask(server, path, body));

        Assert.Equal(result, lines[^1]["result"]?.ToJsonString());
        Assert.Equal("running", (string?)lines[0]["status"]);
        Assert.Equal("succeeded", (string?)lines[^2]["status"]);
    }

    [Theory]
    [InlineData("v1/jobs", """{"type":"answer.miss"}""", "no_answer")]
    [InlineData("answers", """{"text":"?"}""", "handler_rejected")]
    public async Task Throws_the_error_of_a_failed_job(string path, string body, string code)
    {
        await using var server = await ForeignServer.StartAsync();

        var lines = await NodeProgram.RunAsync("azure-lro.mjs", Ask(server, path, body));

        Assert.Contains(code, lines[^1]["error"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("There is no answer to that.", (string?)lines[^1]["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throws_when_the_job_was_canceled()
    {
        await using var server = await ForeignServer.StartAsync();
        await using var poller = NodeProgram.Start("azure-lro.mjs", Ask(server, "v1/jobs", """{"type":"answer.never"}"""));
        await poller.NextAsync("status");
        using var client = server.Client();
        var jobs = JsonNode.Parse(await client.GetStringAsync(new Uri("v1/jobs", UriKind.Relative)))!["items"]!.AsArray();
        using var canceled = await client.PostAsync(new Uri($"v1/jobs/{Assert.Single(jobs)!["id"]}/cancel", UriKind.Relative), null);
        Assert.True(canceled.IsSuccessStatusCode);

        Assert.Equal("Operation was canceled", (string?)(await poller.NextAsync("error"))["error"]!["message"]);
    }

    [Fact]
    public async Task Goes_on_in_another_process_from_its_serialized_state()
    {
        await using var server = await ForeignServer.StartAsync();
        var begun = Ask(server, "v1/jobs", """{"type":"answer.find"}""");
        begun["stopAfterSubmit"] = true;
        var state = (string)(await NodeProgram.RunAsync("azure-lro.mjs", begun))[^1]["serialized"]!;

        var resumed = Ask(server, "nowhere", "{}");
        resumed["restoreFrom"] = state;

        Assert.Equal("""{"answer":42}""", (await NodeProgram.RunAsync("azure-lro.mjs", resumed))[^1]["result"]?.ToJsonString());
    }

    private static JsonObject Ask(ForeignServer server, string path, string body) => new()
    {
        ["url"] = new Uri(server.Address, path).ToString(),
        ["token"] = server.Token,
        ["body"] = JsonNode.Parse(body),
    };
}
