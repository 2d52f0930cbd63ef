using System.Text.Json.Nodes;

namespace Errand.ForeignClients.Tests;

/// <summary>npm's node-zendesk, which knows nothing but Zendesk's address.</summary>
public sealed class ZendeskTests
{
    [Fact]
    public async Task Updates_many_tickets_and_watches_the_job_to_its_end()
    {
        await using var server = await ForeignServer.StartAsync();
        var begun = await CallAsync(server, "updateMany", [new JsonArray(380, 404), new JsonObject { ["ticket"] = new JsonObject { ["status"] = "solved" } }]);
        var id = (string)Status(begun)["id"]!;
        Assert.Equal("queued", (string?)Status(begun)["status"]);

        var ended = Status(await CallAsync(server, "watch", [id, 50, 100]));

        Assert.Equal(("completed", 2, 2), ((string?)ended["status"], (int)ended["total"]!, (int)ended["progress"]!));
        var results = ended["results"]!.AsArray();
        Assert.Equal(("Ticket 380", "update", true), ((string?)results[0]!["title"], (string?)results[0]!["action"], (bool)results[0]!["success"]!));
        Assert.Equal((404, "TicketNotFound", false), ((int)results[1]!["id"]!, (string?)results[1]!["error"], (bool)results[1]!["success"]!));
    }

    [Fact]
    public async Task Shows_lists_and_shows_many()
    {
        await using var server = await ForeignServer.StartAsync();
        server.Gate.Open();
        List<string> ids = [];
        for (var i = 0; i < 2; i++) ids.Add((string)Status(await CallAsync(server, "updateMany", [new JsonArray(i + 1), new JsonObject { ["status"] = "open" }]))["id"]!);

        Assert.Equal(ids[0], (string?)Status(await CallAsync(server, "show", [ids[0]]))["id"]);
        var many = await CallAsync(server, "showMany", [new JsonArray([.. ids.Select(id => (JsonNode)id)])]);
        Assert.Equal(ids, Ids(many));
        Assert.Equal(ids.Order(StringComparer.Ordinal), Ids(await CallAsync(server, "list", [])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Throws_for_an_unknown_job_and_a_wrong_token()
    {
        await using var server = await ForeignServer.StartAsync();

        var unknown = await AskAsync(server, "show", ["8b726e606741012ffc2d782bcb7848fe"], server.Token);
        Assert.Contains("Item not found", (string?)unknown["error"]!["message"], StringComparison.Ordinal);
        var refused = await AskAsync(server, "show", ["8b726e606741012ffc2d782bcb7848fe"], "errand_no");
        Assert.Contains("401", refused["error"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static JsonNode Status(JsonNode answer) => answer["job_status"] ?? answer;

    private static IEnumerable<string> Ids(JsonNode answer) => (answer["job_statuses"] ?? answer).AsArray().Select(status => (string)status!["id"]!);

    private static async Task<JsonNode> CallAsync(ForeignServer server, string call, JsonArray arguments)
    {
        var answer = await AskAsync(server, call, arguments, server.Token);
        return answer["result"] ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    private static async Task<JsonNode> AskAsync(ForeignServer server, string call, JsonArray arguments, string token) => Assert.Single(await NodeProgram.RunAsync("zendesk.mjs", new JsonObject
    {
        ["endpoint"] = new Uri(server.Address, "api/v2").ToString(),
        ["username"] = "ada@example.com",
        ["token"] = token,
        ["call"] = call,
        ["arguments"] = arguments,
    }));
}
