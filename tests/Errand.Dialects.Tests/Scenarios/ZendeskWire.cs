using System.Text.Json.Nodes;

namespace Errand.Dialects.Tests.Scenarios;

public sealed class ZendeskWire : Wire
{
    public override string Name => "zendesk";

    // A starter answers 200 with the status, never 202.
    public override int Accepted => 200;

    public override IReadOnlyList<string> Words => ["queued", "working", "completed", "failed", "killed"];

    // Everyone of the account sees its jobs.
    public override string ForeignTenant => "globex";

    public override int Gone => 404;

    public override string WhyNotGone => "A job that is not kept any more is not found: \"RecordNotFound\"";

    public override NarrowCall? Narrow => null;

    public override HttpRequestMessage Submit() => Ask("PUT", "api/v2/tickets/update_many.json?ids=380,90", """{"ticket":{"status":"solved"}}""");

    public override string IdOf(HttpResponseMessage accepted, string body) => (string)JsonNode.Parse(body)!["job_status"]!["id"]!;

    public override HttpRequestMessage Look(string id) => Ask("GET", $"api/v2/job_statuses/{id}.json");

    public override string WordOf(JsonNode status) => (string)status["job_status"]!["status"]!;

    public override Task CheckOutcomeAsync(ScenarioServer server, HttpClient client, JsonNode status)
    {
        var results = status["job_status"]!["results"]!.AsArray();
        Assert.Equal([(380, true), (90, true)], results.Select(result => ((int)result!["id"]!, (bool)result["success"]!)));
        return Task.CompletedTask;
    }

    public override Task CheckFailureAsync(HttpClient client, JsonNode status)
    {
        var job = status["job_status"]!;
        Assert.Contains("Half of the rows are locked.", (string?)job["message"], StringComparison.Ordinal);
        var failed = job["results"]![1]!;
        Assert.Equal((90, false, "RowLocked", "Row 90 is locked."), ((int)failed["id"]!, (bool)failed["success"]!, (string?)failed["error"], (string?)failed["details"]));
        return Task.CompletedTask;
    }

    public override void CheckRefusal(int status, HttpResponseMessage answer, string body)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEqual("", (string?)JsonNode.Parse(body)!["error"] ?? "");
        Assert.Equal([], MembersOf(body).Except(["error", "description", "error_description", "details"]));
    }
}
