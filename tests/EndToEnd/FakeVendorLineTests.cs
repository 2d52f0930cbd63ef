using System.Text.Json.Nodes;

namespace Errand.EndToEnd.Tests;

/// <summary>The curl lines of the vendors' pages against <c>errand dev --fake</c>, whose seed is those pages' own examples: asked for by their ids, and answered to the letter.</summary>
public sealed class FakeVendorLineTests(FakeVendorServer server) : IClassFixture<FakeVendorServer>
{
    private const string Operation = "129g274495354cf18edb6b3ea3d023b2";

    [Fact]
    public async Task Zendesk()
    {
        var example = VendorLine.Example("zendesk-job-status");
        var (status, answer) = await VendorLine.RunAsync(
            "zendesk-job-status", ("https://{subdomain}.zendesk.com", server.Shell["ZENDESK_URL"]), ("{id}", example["id"]!.GetValue<string>()),
            ("{email_address}:{password}", $"{server.Shell["ZENDESK_EMAIL"]}:{server.Shell["ZENDESK_PASSWORD"]}"));
        Assert.Equal(200, status);
        example["url"] = example["url"]!.GetValue<string>().Replace("https://company.zendesk.com", server.Shell["ZENDESK_URL"], StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(example, answer["job_status"]), answer.ToJsonString());
        answer.AsObject().Remove("job_status");
        Assert.True(JsonNode.DeepEquals(example, answer), answer.ToJsonString());
    }

    [Fact]
    public async Task Workiva_operation_and_each_error_that_a_poll_can_meet()
    {
        var (status, answer) = await OperationAsync(server.Shell["WORKIVA_TOKEN"]);
        Assert.Equal(200, status);
        Assert.True(JsonNode.DeepEquals(VendorLine.Example("workiva-operation"), answer), answer.ToJsonString());

        // The next job of the vendor meets them; the seeded one has its course.
        Assert.Equal(0, (await ErrandProcess.RunAsync(
            "fake", "script", "workiva", "401, 403, 404, 429, 500, 503", "--url", server.Shell["ERRAND_URL"], "--token", server.Shell["ERRAND_TOKEN"])).Code);
        using var client = server.Client(server.Shell["WORKIVA_TOKEN"]);
        using var begun = await client.PostAsync(new Uri("/platform/v1/files/f1/copy", UriKind.Relative), null);
        var id = begun.Headers.Location!.ToString().Split('/')[^1];
        var examples = VendorLine.Example("workiva-operation-errors").AsArray().ToDictionary(error => error!["code"]!.GetValue<string>()[..3], StringComparer.Ordinal);
        foreach (var expected in new[] { 401, 403, 404, 429, 500, 503 })
        {
            var refused = await OperationAsync(server.Shell["WORKIVA_TOKEN"], id);
            Assert.Equal(expected, refused.Status);
            Assert.True(JsonNode.DeepEquals(examples[$"{expected}"], refused.Body), refused.Body.ToJsonString());
        }

        Assert.Equal("started", (await OperationAsync(server.Shell["WORKIVA_TOKEN"], id)).Body["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Workiva_queue_job()
    {
        var example = VendorLine.Example("workiva-queue-job");
        var (status, answer) = await VendorLine.RunAsync(
            "workiva-queue-job", ("https://api.app.wdesk.com", server.Shell["WORKIVA_URL"]), ("{jobId}", example["data"]!["id"]!.GetValue<string>()), ("{access-token}", server.Shell["WORKIVA_TOKEN"]));
        Assert.Equal(200, status);

        // The id of the request is the request's; digits beyond 100 ns are not kept.
        example["request_id"] = answer["request_id"]!.DeepClone();
        example["data"]!["finished"] = example["data"]!["finished"]!.GetValue<string>().Replace("413304132", "4133041", StringComparison.Ordinal);
        example["data"]!["next_url"] = example["data"]!["next_url"]!.GetValue<string>().Replace("https://api.app.wdesk.com", server.Shell["WORKIVA_URL"], StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(example, answer), answer.ToJsonString());
    }

    [Fact]
    public async Task Alteryx_job_and_messages()
    {
        var (status, answer) = await VendorLine.RunAsync("alteryx-job", ("http://localhost/webapi", server.Shell["ALTERYX_URL"]), ("BearerTokenGoesHere", server.Shell["ALTERYX_TOKEN"]));
        Assert.Equal((200, "66ebd18d3d6200007e000d8c"), (status, answer["id"]!.GetValue<string>()));
        Assert.Equal(VendorLine.ShapeOf(VendorLine.Example("alteryx-job")), VendorLine.ShapeOf(answer));
        Assert.Equal("2024-09-19T10:02:54.589Z", answer["createDateTime"]!.GetValue<string>());
        var messages = await VendorLine.RunAsync("alteryx-messages", ("http://localhost/webapi", server.Shell["ALTERYX_URL"]), ("BearerTokenGoesHere", server.Shell["ALTERYX_TOKEN"]));
        Assert.Equal(200, messages.Status);
        Assert.Equal(VendorLine.ShapeOf(VendorLine.Example("alteryx-messages")), VendorLine.ShapeOf(messages.Body));
    }

    private Task<(int Status, JsonNode Body)> OperationAsync(string token, string id = Operation) =>
        VendorLine.RunAsync("workiva-operation", ("https://api.app.wdesk.com", server.Shell["WORKIVA_URL"]), ("{operationId}", id), ("{access-token}", token));
}

/// <summary>A stand-in for all three vendors that knows the jobs of their pages.</summary>
public sealed class FakeVendorServer : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private ErrandProcess _process = null!;

    /// <summary>What a shell has that ran the printed lines.</summary>
    public IReadOnlyDictionary<string, string> Shell { get; private set; } = new Dictionary<string, string>();

    public HttpClient Client(string token) => _process.Client(token);

    public async ValueTask InitializeAsync()
    {
        var seed = Path.Combine(_folder.Root, "seed.json");
        var alteryx = VendorLine.Example("alteryx-job");
        (alteryx["id"], alteryx["appId"], alteryx["status"], alteryx["disposition"]) = ("66ebd18d3d6200007e000d8c", "66ebd18d3d6200007e000d00", "Completed", "Success");
        await File.WriteAllTextAsync(seed, new JsonObject
        {
            ["zendesk"] = new JsonArray(VendorLine.Example("zendesk-job-status")),
            ["workiva"] = new JsonArray(VendorLine.Example("workiva-operation"), VendorLine.Example("workiva-queue-job")),
            ["alteryx"] = new JsonArray(alteryx),
        }.ToJsonString());
        _process = await ErrandProcess.DevAsync("--fake", "zendesk,workiva,alteryx", "--seed", seed);
        await Wait.UntilAsync(() => Task.FromResult(_process.Log.Contains("ALTERYX_WORKFLOW_ID", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), () => _process.Log);
        Shell = _process.Log.Split('\n').Where(line => line.StartsWith("export ", StringComparison.Ordinal)).Select(line => line["export ".Length..].Trim().Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync();
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
