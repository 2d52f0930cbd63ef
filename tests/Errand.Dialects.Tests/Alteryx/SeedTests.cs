using System.Text.Json.Nodes;

namespace Errand.Dialects.Tests.Alteryx;

/// <summary>
/// The two examples of the vendor's page, "Job Endpoints". Their values are in part the names of types – <c>"string"</c>, <c>0</c> – and in part real; the real ones are reproduced, and the others are
/// of the type that stands there.
/// </summary>
public sealed class SeedTests
{
    private const string Details =
        """
        {
          "id": "string",
          "appId": "string",
          "createDateTime": "2024-09-19T10:02:54.589Z",
          "status": "string",
          "disposition": "string",
          "outputs": [ { "id": "string", "availableFormats": [ "string" ], "fileName": "string" } ],
          "messages": [ { "status": 0, "text": "string", "toolId": 0 } ],
          "priority": "Default",
          "workerTag": "string",
          "runWithE2": true
        }
        """;

    private const string Message = """{ "status": 0, "text": "string", "toolId": 0 }""";

    [Fact]
    public async Task Both_are_answered_field_for_field()
    {
        await using var server = await AlteryxHost.StartAsync(at: new DateTimeOffset(2024, 9, 19, 10, 2, 54, 589, TimeSpan.Zero));
        var ada = server.Bearer(await server.TokenAsync("ada", roles: ["curator"]));
        var id = (string)(await ada.RunAsync(AlteryxHost.WorkflowId, """{"workerTag":"string"}"""))["id"]!;
        var claimed = await server.Hand.ClaimAsync(AlteryxHost.Totals, JobNames.TagQueue("string")!);
        await server.Hand.SayAsync(claimed, new JobMessage { Time = server.Time.GetUtcNow(), Text = "string", Source = 0, Attempt = 1 });
        await server.Hand.PublishAsync(claimed, "string", "string", "a,b\n", ("csv", "text/csv"));
        server.Time.Advance(TimeSpan.FromSeconds(3.2));
        await server.Hand.SucceedAsync(claimed);
        server.Transcript.Clear();

        server.Transcript.Note("Details of a job: curl -X GET http://localhost/webapi/v3/jobs/{id}?includeMessages=true");
        var details = await ada.ReadAsync($"webapi/v3/jobs/{id}?includeMessages=true");
        server.Transcript.Note("Without its messages: a reduced object");
        var reduced = await ada.ReadAsync($"webapi/v3/jobs/{id}?includeMessages=false");
        server.Transcript.Note("Its messages: curl -X GET http://localhost/webapi/v3/jobs/{id}/messages");
        var message = await ada.ReadAsync($"webapi/v3/jobs/{id}/messages");

        CheckLikeness(JsonNode.Parse(Details)!, details, "");
        CheckLikeness(JsonNode.Parse(Message)!, message, "");
        Assert.Equal("string", (string?)details["workerTag"]);
        Assert.Equal("""{"id":"string","availableFormats":["Raw","Csv"],"fileName":"string"}""", details["outputs"]![0]!.ToJsonString());
        Assert.Equal(("string", 0), ((string?)details["messages"]![0]!["text"], (int)details["messages"]![0]!["toolId"]!));
        details.AsObject().Remove("messages");
        Assert.True(JsonNode.DeepEquals(details, reduced));
        server.Transcript.Verify("alteryx", "seed");
    }

    // The same members in the same order and the same types; and the same value where the example has one.
    private static void CheckLikeness(JsonNode expected, JsonNode actual, string place)
    {
        if (expected is JsonObject members)
        {
            Assert.Equal(members.Select(member => member.Key), actual.AsObject().Select(member => member.Key));
            foreach (var (name, value) in members) CheckLikeness(value!, actual[name]!, $"{place}/{name}");
        }
        else if (expected is JsonArray elements)
        {
            foreach (var element in actual.AsArray()) CheckLikeness(elements[0]!, element!, $"{place}/0");
        }
        else
        {
            Assert.True(expected.GetValueKind() == actual.GetValueKind(), place);
            if (expected.ToJsonString() is not ("\"string\"" or "0")) Assert.True(JsonNode.DeepEquals(expected, actual), place);
        }
    }
}
