using System.Text.Json.Nodes;

namespace Errand.Dialects.Tests.Scenarios;

public sealed class QueueJobWire : Wire
{
    public override string Name => "workiva-queue-jobs";

    public override IReadOnlyList<string> Scopes => ["data_tables|r", "data_tables|w"];

    // "PENDING, RUNNING, FAILED, SUCCESSFUL": there is no word for a canceled job.
    public override IReadOnlyList<string> Words => ["PENDING", "RUNNING", "SUCCESSFUL", "FAILED", "FAILED"];

    public override int Gone => 410;

    public override string? WhyNotGone => null;

    public override int BodyBytesMax => 10_485_760;

    // One scope does not imply the other.
    public override NarrowCall Narrow => new(Look, ["data_tables|w"], 403);

    public override HttpRequestMessage Submit() => Ask("PUT", "spreadsheets/v1/async/spreadsheets/s1/sheets/t1/data/A1:A2", "[[380],[90]]");

    public override string IdOf(HttpResponseMessage accepted, string body) => (string)JsonNode.Parse(body)!["data"]!["id"]!;

    public override HttpRequestMessage Look(string id) => Ask("GET", $"spreadsheets/v1/queue-jobs/{id}");

    public override string WordOf(JsonNode status) => (string)status["data"]!["status"]!;

    public override async Task CheckOutcomeAsync(ScenarioServer server, HttpClient client, JsonNode status)
    {
        Assert.NotNull(status["data"]!["finished"]);
        Assert.Equal("""{"rows":2}""", await server.Wires.Client().GetStringAsync(new Uri((string)status["data"]!["next_url"]!)));
    }

    // A Job has no place for items or an error: "message" is the one documented text.
    public override Task CheckFailureAsync(HttpClient client, JsonNode status)
    {
        Assert.Equal("Half of the rows are locked.", (string?)status["message"]);
        Assert.Equal("", (string?)status["data"]!["next_url"]);
        return Task.CompletedTask;
    }

    public override void CheckRefusal(int status, HttpResponseMessage answer, string body)
    {
        if (status == 410)
        {
            Assert.Equal(("", null), (body, answer.Content.Headers.ContentType));
            return;
        }

        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["errors", "message", "request_id", "version"], MembersOf(body));
        Assert.All(JsonNode.Parse(body)!["errors"]!.AsArray(), error => Assert.Equal(["code", "field", "resource"], error!.AsObject().Select(member => member.Key)));
    }
}
