using System.Text.Json.Nodes;

namespace Errand.Dialects.Tests.Scenarios;

public sealed class NativeWire : Wire
{
    public override string Name => "native";

    public override bool SpreadsRetryAfter => true;

    public override IReadOnlyList<string> Scopes => ["jobs.submit", "jobs.read"];

    public override IReadOnlyList<string> Words => ["queued", "running", "succeeded", "failed", "canceled"];

    public override string StoppingWord => "canceling";

    public override bool CanCancel => true;

    public override int Gone => 410;

    public override string? WhyNotGone => null;

    public override NarrowCall Narrow => new(Look, ["jobs.submit"], 403);

    public override HttpRequestMessage Submit() => Ask("POST", "v1/jobs", $$"""{"type":"{{ScenarioServer.Type}}","items":[{"id":380},{"id":90}]}""");

    public override string IdOf(HttpResponseMessage accepted, string body) => (string)JsonNode.Parse(body)!["id"]!;

    public override HttpRequestMessage Look(string id) => Ask("GET", $"v1/jobs/{id}");

    public override string WordOf(JsonNode status) => (string)status["status"]!;

    public override async Task CheckOutcomeAsync(ScenarioServer server, HttpClient client, JsonNode status) =>
        Assert.Equal("""{"rows":2}""", await client.GetStringAsync(new Uri((string)status["links"]!["result"]!)));

    public override async Task CheckFailureAsync(HttpClient client, JsonNode status)
    {
        Assert.Equal("too_many_locked", (string?)status["error"]!["code"]);
        var items = (await ReadAsync(client, $"v1/jobs/{status["id"]}/items?status=failed"))["items"]!.AsArray();
        Assert.Equal("Row 90 is locked.", (string?)Assert.Single(items)!["error"]!["message"]);
    }

    public override void CheckRefusal(int status, HttpResponseMessage answer, string body)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(status, (int)JsonNode.Parse(body)!["status"]!);
        Assert.Equal([], ((string[])["type", "title", "detail", "instance", "code", "traceId"]).Except(MembersOf(body)));
    }
}
