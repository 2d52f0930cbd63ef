using System.Globalization;
using System.Text.Json.Nodes;

namespace Errand.Dialects.Tests.Scenarios;

public sealed class OperationWire : Wire
{
    public override string Name => "workiva-operations";

    public override IReadOnlyList<string> Scopes => ["file:read", "file:write"];

    public override IReadOnlyList<string> Words => ["queued", "started", "completed", "failed", "cancelled"];

    public override int Gone => 404;

    public override string WhyNotGone => "A purged operation is not found: the vendor's page lists no 410";

    public override int BodyBytesMax => 10_485_760;

    public override NarrowCall Narrow => new(_ => Submit(), ["file:read"], 403, "\"No OAuth scopes are required to use this endpoint\": whoever began it may look");

    public override HttpRequestMessage Submit() => Ask("POST", "platform/v1/files/f1/copy", """{"rows":[380,90]}""");

    public override string IdOf(HttpResponseMessage accepted, string body) => accepted.Headers.Location!.Segments[^1];

    public override HttpRequestMessage Look(string id) => Ask("GET", $"platform/v1/operations/{id}");

    public override string WordOf(JsonNode status) => (string)status["status"]!;

    public override async Task CheckOutcomeAsync(ScenarioServer server, HttpClient client, JsonNode status) =>
        Assert.Equal("""{"data":[{"id":380,"kind":"Row"},{"id":90,"kind":"Row"}]}""", await client.GetStringAsync(new Uri((string)status["resourceUrl"]!)));

    public override Task CheckFailureAsync(HttpClient client, JsonNode status)
    {
        Assert.Equal(
            """[{"code":"too_many_locked","message":"Half of the rows are locked."},{"code":"RowLocked","message":"Row 90 is locked.","target":"90"}]""", status["details"]!.ToJsonString());
        return Task.CompletedTask;
    }

    public override void CheckRefusal(int status, HttpResponseMessage answer, string body)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([], MembersOf(body).Except(["code", "message", "details"]));
        Assert.StartsWith(status.ToString(CultureInfo.InvariantCulture), (string?)JsonNode.Parse(body)!["code"], StringComparison.Ordinal);
    }
}
