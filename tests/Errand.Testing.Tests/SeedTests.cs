using System.Text.Json;
using System.Text.Json.Nodes;

namespace Errand.Testing.Tests;

/// <summary>Jobs that are there from the start: recorded answers of a vendor are answered again.</summary>
public sealed class SeedTests
{
    // As the vendors' own pages show them.
    private const string Zendesk =
        """
        {
          "id": "8b726e606741012ffc2d782bcb7848fe", "total": 2, "progress": 2, "status": "completed", "message": "Completed at Fri Apr 13 02:51:53 +0000 2012",
          "results": [
            { "title": "I accidentally the whole bottle", "action": "update", "errors": "", "id": 380, "success": true, "status": "Updated" },
            { "title": "Printer on fire", "action": "update", "errors": "", "id": 90, "success": true, "status": "Updated" }
          ]
        }
        """;

    private const string Operation =
        """
        {
          "created": { "dateTime": "2019-10-28T15:03:27Z" }, "id": "129g274495354cf18edb6b3ea3d023b2", "originalRequest": "7bee78f7-417b-42bc-ace9-e588c65d19bf",
          "status": "started", "updated": { "dateTime": "2019-10-28T15:04:20Z" }
        }
        """;

    private const string QueueJob =
        """
        { "data": { "created": "2020-04-30T14:23:21.690124Z", "finished": "2020-04-30T14:23:22.4133041Z", "id": "bd9iOjhlYmViZDY2YjdkYzQzMHU5NmU5MWQ4YzRjMTNiOWYwOjI", "status": "SUCCESSFUL" } }
        """;

    private const string Alteryx =
        """
        {
          "id": "66ebd18d3d6200007e000d8c", "appId": "66ebd18d3d6200007e000d00", "createDateTime": "2024-09-19T10:02:54.589Z", "status": "Completed", "disposition": "Success",
          "outputs": [{ "id": "66ebd18d3d6200007e000d8d", "availableFormats": ["Raw", "Csv"], "fileName": "totals.csv" }],
          "messages": [{ "status": 2, "text": "3 rows skipped", "toolId": 7 }, { "status": 4, "text": "Finished in 3.2 seconds", "toolId": -1 }],
          "priority": "High", "workerTag": "gpu", "runWithE2": true
        }
        """;

    [Fact]
    public async Task Zendesks_own_example_is_answered_field_for_field()
    {
        await using var zendesk = await FakeVendor.StartZendeskAsync(new FakeVendorOptions { Seed = $"{{ \"zendesk\": [{Zendesk}] }}" });
        using var caller = new Caller(zendesk);
        var answer = (await caller.GetAsync("/api/v2/job_statuses/8b726e606741012ffc2d782bcb7848fe.json")).Body;
        AssertHas(Zendesk, answer);
        AssertHas(Zendesk, answer.GetProperty("job_status"));
    }

    [Fact]
    public async Task Workivas_own_examples_are_answered_field_for_field_under_their_ids()
    {
        await using var workiva = await FakeVendor.StartWorkivaAsync(new FakeVendorOptions { Seed = $"{{ \"workiva\": [{Operation}, {QueueJob}] }}" });
        using var caller = new Caller(workiva);
        var operation = (await caller.GetAsync("/platform/v1/operations/129g274495354cf18edb6b3ea3d023b2")).Body;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Operation), JsonNode.Parse(operation.GetRawText())), operation.ToString());
        var job = (await caller.GetAsync("/spreadsheets/v1/queue-jobs/bd9iOjhlYmViZDY2YjdkYzQzMHU5NmU5MWQ4YzRjMTNiOWYwOjI")).Body;
        AssertHas(JsonNode.Parse(QueueJob)!["data"]!.ToJsonString(), job.GetProperty("data"));
        Assert.Equal(
            $"{workiva.BaseAddress}spreadsheets/v1/queue-jobs/bd9iOjhlYmViZDY2YjdkYzQzMHU5NmU5MWQ4YzRjMTNiOWYwOjI", job.GetProperty("data").GetProperty("next_url").GetString());
    }

    [Fact]
    public async Task A_recorded_job_of_Alteryx_is_answered_again_with_its_file()
    {
        await using var alteryx = await FakeVendor.StartAlteryxAsync(new FakeVendorOptions { Seed = $"{{ \"alteryx\": [{Alteryx[..^2]}, \"x\": 0 }}] }}".Replace("\"fileName\": \"totals.csv\"", "\"fileName\": \"totals.csv\", \"content\": \"a,b\"", StringComparison.Ordinal) });
        using var caller = new Caller(alteryx);
        var answer = (await caller.GetAsync("v3/jobs/66ebd18d3d6200007e000d8c?includeMessages=true")).Body;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Alteryx), JsonNode.Parse(answer.GetRawText())), answer.ToString());
        Assert.Equal("a,b", await caller.Http.GetStringAsync("v1/jobs/66ebd18d3d6200007e000d8c/output/66ebd18d3d6200007e000d8d?format=Csv"));
        Assert.Equal(1, (await caller.GetAsync("v3/workflows/66ebd18d3d6200007e000d00/jobs")).Body.GetArrayLength());
    }

    [Fact]
    public async Task A_living_job_stays_as_it_is_or_follows_its_script_and_an_expired_one_is_gone()
    {
        const string seed =
            """
            {
              "workiva": [
                { "id": "a1", "status": "queued" },
                { "id": "a2", "status": "started", "script": "after 1 poll fail Broken 'It broke.'" },
                { "data": { "id": "a3", "status": "SUCCESSFUL" }, "result": { "rows": 3 } },
                { "data": { "id": "a4", "status": "FAILED", "expired": true } },
                { "id": "a5", "status": "failed", "details": [{ "code": "SheetLocked", "message": "cells are locked" }, { "code": "Blank", "message": "no value", "target": "B3" }] },
                { "id": "a6", "status": "cancelled" }
              ]
            }
            """;
        await using var workiva = await FakeVendor.StartWorkivaAsync(new FakeVendorOptions { Seed = seed });
        using var caller = new Caller(workiva);
        Assert.All(await caller.PollsAsync("/operations/a1", 5), word => Assert.Equal("queued", word));
        Assert.Equal(["started", "failed"], await caller.PollsAsync("/operations/a2", 2));
        var url = (await caller.GetAsync("/spreadsheets/v1/queue-jobs/a3")).Body.GetProperty("data").GetProperty("next_url").GetString()!;
        Assert.Equal("""{ "rows": 3 }""", await caller.Http.GetStringAsync(url));
        Assert.Equal(410, (await caller.GetAsync("/spreadsheets/v1/queue-jobs/a4")).Status);
        var failed = (await caller.GetAsync("/operations/a5")).Body;
        Assert.Equal(["SheetLocked", "Blank"], failed.GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("code").GetString()));
        Assert.Equal("cancelled", await caller.PollAsync("/operations/a6"));
        Assert.Equal(404, (await caller.GetAsync("/operations/a7")).Status);
    }

    [Fact]
    public async Task Failed_items_and_todays_dates_of_Zendesk()
    {
        const string recorded =
            """
            {
              "job_status": {
                "id": "V3-0f3a1c5e7b9d2f4a6c8e0b1d3f5a7c9e", "total": 2, "progress": 2, "status": "completed", "message": "Completed at 2026-03-02 09:15:09 +0000",
                "results": [{ "id": 244, "action": "update", "success": true, "status": "Updated" }, { "id": 255, "action": "update", "success": false, "error": "TicketUpdateFailed", "details": "Ticket is closed" }]
              }
            }
            """;
        await using var zendesk = await FakeVendor.StartZendeskAsync(new FakeVendorOptions { Seed = $"{{ \"zendesk\": [{recorded}] }}" });
        using var caller = new Caller(zendesk);
        var job = (await caller.GetAsync("/api/v2/job_statuses/V3-0f3a1c5e7b9d2f4a6c8e0b1d3f5a7c9e")).Body;
        AssertHas(JsonNode.Parse(recorded)!["job_status"]!.ToJsonString(), job);
        Assert.EndsWith("/V3-0f3a1c5e7b9d2f4a6c8e0b1d3f5a7c9e.json", job.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "The seed is not JSON")]
    [InlineData("[]", "The seed is a JSON object")]
    [InlineData("""{ "zendesc": [] }""", "Did you mean 'zendesk'?")]
    [InlineData("""{ "workiva": [] }""", "nobody stands in for here")]
    [InlineData("""{ "zendesk": [1] }""", "$.zendesk[0]: an object is expected")]
    [InlineData("""{ "zendesk": [{ "id": "a" }] }""", "$.zendesk[0].status: a text is expected")]
    [InlineData("""{ "zendesk": [{ "id": "a", "status": "done" }] }""", "'done' is none of the vendor's words")]
    [InlineData("""{ "zendesk": [{ "id": "a", "status": "queued", "script": "explode" }] }""", "No clause begins with 'explode'")]
    [InlineData("""{ "zendesk": [{ "id": "a", "status": "queued", "starter": "tickets/update_manu" }] }""", "Did you mean 'tickets/update_many'?")]
    [InlineData("""{ "zendesk": [{ "id": "a", "status": "queued" }, { "id": "a", "status": "queued" }] }""", "job a twice")]
    public async Task What_is_wrong_is_told_with_its_place(string seed, string expected)
    {
        var refused = await Assert.ThrowsAsync<FormatException>(() => FakeVendor.StartZendeskAsync(new FakeVendorOptions { Seed = seed }));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Every member that was recorded is answered with the same value.</summary>
    private static void AssertHas(string recorded, JsonElement answer)
    {
        foreach (var member in JsonElement.Parse(recorded).EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Array)
            {
                foreach (var (index, element) in member.Value.EnumerateArray().Index()) AssertHas(element.GetRawText(), answer.GetProperty(member.Name)[index]);
            }
            else
            {
                Assert.True(JsonElement.DeepEquals(member.Value, answer.GetProperty(member.Name)), $"{member.Name}: {member.Value} was recorded, {answer.GetProperty(member.Name)} is answered");
            }
        }
    }
}
