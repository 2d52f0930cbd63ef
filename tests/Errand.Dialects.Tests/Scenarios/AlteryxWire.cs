using System.Text.Json.Nodes;

namespace Errand.Dialects.Tests.Scenarios;

public sealed class AlteryxWire : Wire
{
    public override string Name => "alteryx";

    // A new job is answered with 200, whatever comes of it.
    public override int Accepted => 200;

    public override IReadOnlyList<string> Words => ["Queued/None", "Running/None", "Completed/Success", "Completed/Error", "Cancelled/Cancelled"];

    public override int Gone => 404;

    public override string WhyNotGone => "A purged job is not found: the vendor's page lists 200, 401 and 404";

    public override NarrowCall Narrow => new(id => Ask("GET", $"webapi/v3/jobs/{id}/messages"), [], 401, "Roles, not scopes: \"Only Curators can use this endpoint\", and whoever ran a job sees it");

    public override HttpRequestMessage Submit() => Ask("POST", $"webapi/v3/workflows/{ScenarioServer.WorkflowId}/jobs", """{"priority":"Default","workerTag":""}""");

    public override string IdOf(HttpResponseMessage accepted, string body) => (string)JsonNode.Parse(body)!["id"]!;

    public override HttpRequestMessage Look(string id) => Ask("GET", $"webapi/v3/jobs/{id}?includeMessages=true");

    public override string WordOf(JsonNode status) => $"{status["status"]}/{status["disposition"]}";

    public override async Task CheckOutcomeAsync(ScenarioServer server, HttpClient client, JsonNode status)
    {
        var output = Assert.Single(status["outputs"]!.AsArray())!;
        var format = (string)output["availableFormats"]![0]!;
        Assert.Equal("row\n380\n90\n", await client.GetStringAsync(new Uri($"webapi/v1/jobs/{status["id"]}/output/{output["id"]}?format={format}", UriKind.Relative)));
    }

    // A JobView has no place for items; the error is the last of its messages, with the engine's number for one.
    public override Task CheckFailureAsync(HttpClient client, JsonNode status)
    {
        Assert.Equal("""{"status":3,"text":"Half of the rows are locked.","toolId":-1}""", status["messages"]!.AsArray()[^1]!.ToJsonString());
        return Task.CompletedTask;
    }

    public override void CheckRefusal(int status, HttpResponseMessage answer, string body)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([], MembersOf(body).Except(["message", "modelState"]));
        Assert.NotEqual("", (string?)JsonNode.Parse(body)!["message"] ?? "");
    }
}
