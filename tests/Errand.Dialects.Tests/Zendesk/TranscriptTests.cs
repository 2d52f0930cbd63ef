using System.Text.Json.Nodes;
using Errand.Dialects.Zendesk;
using Microsoft.AspNetCore.Builder;
using static Errand.Dialects.Tests.Zendesk.ZendeskServers;

namespace Errand.Dialects.Tests.Zendesk;

/// <summary>The wire, word for word: <c>Transcripts/zendesk</c>.</summary>
public sealed class TranscriptTests
{
    private const string SeedId = "8b726e606741012ffc2d782bcb7848fe";
    private const string Seed =
        """
        {
          "id":         "8b726e606741012ffc2d782bcb7848fe",
          "url":        "https://company.zendesk.com/api/v2/job_statuses/8b726e606741012ffc2d782bcb7848fe.json",
          "total":      2,
          "progress":   2,
          "status":     "completed",
          "message":    "Completed at Fri Apr 13 02:51:53 +0000 2012",
          "results": [
            { "title": "I accidentally the whole bottle", "action": "update", "errors": "", "id": 380, "success": true, "status": "Updated" },
            { "title": "Printer on fire", "action": "update", "errors": "", "id": 90, "success": true, "status": "Updated" }
          ]
        }
        """;

    [Theory]
    [InlineData(ZendeskEnvelope.Bare, "seed-example")]
    [InlineData(ZendeskEnvelope.Both, "seed-example-both")]
    public async Task The_example_of_2012_is_answered_field_for_field(ZendeskEnvelope envelope, string scenario)
    {
        await using var server = await StartAsync(
            options => (options.SeedStrict, options.Envelope) = (true, envelope), new DateTimeOffset(2012, 4, 13, 2, 51, 53, TimeSpan.Zero));
        await server.SubmitAsync(new JobSubmission { Type = "tickets.update", Id = JobId.Parse(SeedId), Items = "[{\"id\":380},{\"id\":90}]"u8.ToArray() });
        var job = await server.Hand.ClaimAsync("tickets.update");
        await server.Hand.ItemsAsync(job, Done(0, "380", """{"title":"I accidentally the whole bottle"}"""), Done(1, "90", """{"title":"Printer on fire"}"""));
        await server.Hand.SucceedAsync(job);

        var answer = await (await server.AdaAsync()).GetAsync($"api/v2/job_statuses/{SeedId}.json");
        var actual = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        if (envelope is ZendeskEnvelope.Both)
        {
            var inner = actual["job_status"]!.DeepClone();
            actual.Remove("job_status");
            Assert.True(JsonNode.DeepEquals(inner, actual));
        }

        var expected = JsonNode.Parse(Seed)!;
        expected["url"] = new Uri(server.Address, $"api/v2/job_statuses/{SeedId}.json").AbsoluteUri;
        Assert.True(JsonNode.DeepEquals(expected, actual), actual.ToJsonString());
        server.Transcript.Verify("zendesk", scenario);
    }

    [Fact]
    public async Task A_bulk_update_runs_from_its_start_to_its_results()
    {
        await using var server = await StartAsync();
        var ada = await server.AdaAsync();
        server.Transcript.Note("Begin");
        var begun = await ada.SendAsync("PUT", "api/v2/tickets/update_many.json?ids=244,255", """{"ticket":{"status":"solved"}}""");
        var id = JsonNode.Parse(await begun.Content.ReadAsStringAsync())!["job_status"]!["id"]!.GetValue<string>();
        server.Transcript.Note("Waiting");
        await ada.GetAsync($"api/v2/job_statuses/{id}");
        var job = await server.Hand.ClaimAsync("tickets.update");
        await server.Hand.ItemsAsync(job, Done(0, "244", """{"title":"Printer on fire"}"""));
        server.Transcript.Note("Under way");
        await ada.GetAsync($"api/v2/job_statuses/{id}.json?per_page=100&page=1");
        await server.Hand.ItemsAsync(job, Failed(1, "255", "TicketNotFound", "There is no ticket 255."));
        await server.Hand.SucceedAsync(job);
        server.Transcript.Note("Completed, with an element that failed");
        var done = await ada.GetAsync($"api/v2/job_statuses/{id}.json");
        Assert.False(done.Headers.Contains("Retry-After"));
        server.Transcript.Verify("zendesk", "bulk-update");
    }

    [Fact]
    public async Task Every_end_is_told()
    {
        await using var server = await StartAsync(options => options.Envelope = ZendeskEnvelope.Envelope);
        var ada = await server.AdaAsync();
        server.Transcript.Note("A create: each element is told by its place");
        await ada.SendAsync("POST", "api/v2/tickets/create_many", """{"tickets":[{"subject":"a"},{"subject":""}]}""");
        var create = await server.Hand.ClaimAsync("tickets.create");
        await server.Hand.ItemsAsync(create, Done(0, "0", """{"id":245}"""), Failed(1, "1", "TicketCreateFailed", "Description: cannot be blank"));
        await server.Hand.SucceedAsync(create);
        await ada.GetAsync($"api/v2/job_statuses/{create.Head.Id}");
        server.Transcript.Note("A permanent deletion: one word for all");
        await ada.SendAsync("DELETE", "api/v2/deleted_tickets/35436.json");
        var purge = await server.Hand.ClaimAsync("tickets.purge");
        await server.Hand.ItemsAsync(purge, Done(0, "35436"));
        await server.Hand.SucceedAsync(purge);
        await ada.GetAsync($"api/v2/job_statuses/{purge.Head.Id}");
        server.Transcript.Note("A job that failed");
        await ada.SendAsync("DELETE", "api/v2/tickets/destroy_many.json?ids=1,2");
        await server.Hand.FailAsync(await server.Hand.ClaimAsync("tickets.destroy"), "upstream", "The ticket store is closed.");
        await ada.GetAsync("api/v2/job_statuses?page[size]=1");
        server.Transcript.Note("A job that was killed");
        var killed = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        await server.JobsOf("ada").CancelAsync(killed.Head.Id);
        await ada.GetAsync($"api/v2/job_statuses/{killed.Head.Id}");
        server.Transcript.Verify("zendesk", "ends");
    }

    [Fact]
    public async Task Refusals_have_the_vendors_words()
    {
        await using var server = await StartAsync(bodyBytesMax: 200, before: app => app.Use((http, next) => http.Request.Headers["X-Trouble"].ToString() switch
        {
            "500" => throw new InvalidOperationException("outside"),
            "503" => throw new Errand.Storage.StorageException(Errand.Storage.StorageFault.Unavailable, "gone"),
            _ => next(http),
        }));
        var ada = await server.AdaAsync();
        async Task Say(int status, string note, HttpClient client, string method, string path, string? body = null)
        {
            server.Transcript.Note(note);
            Assert.Equal(status, (int)(await client.SendAsync(method, path, body)).StatusCode);
        }

        await Say(400, "Too many ids", ada, "GET", $"api/v2/job_statuses/show_many?ids={string.Join(',', Enumerable.Range(1, 101))}");
        await Say(400, "Not JSON", ada, "POST", "api/v2/tickets/create_many", "{");
        await Say(401, "No credentials", server.Client(), "GET", "api/v2/job_statuses/x.json");
        await Say(401, "A wrong API token", server.Client(Basic("ada@example.com/token", "errand_no")), "GET", "api/v2/job_statuses/x.json");
        await Say(401, "A wrong bearer token", server.Bearer("errand_no"), "GET", "api/v2/job_statuses/x.json");
        await Say(404, "An unknown job", ada, "GET", "api/v2/job_statuses/00000000000000000000000000000001.json");
        await Say(404, "An unknown path", ada, "GET", "api/v2/nowhere.json");
        await Say(404, "A starter that is not mapped", ada, "PUT", "api/v2/users/update_many.json?ids=1", """{"user":{}}""");
        await Say(405, "Another method", ada, "PATCH", "api/v2/tickets/update_many.json", "{}");
        await Say(413, "Too large (the limit of this server is 200 bytes)", ada, "POST", "api/v2/tickets/create_many", $$"""{"tickets":[{"subject":"{{new string('x', 200)}}"}]}""");
        await Say(422, "An element list that is empty", ada, "PUT", "api/v2/tickets/update_many.json", """{"tickets":[]}""");
        ada.DefaultRequestHeaders.Add("X-Trouble", "500");
        await Say(500, "Broken", ada, "GET", "api/v2/job_statuses/x.json");
        ada.DefaultRequestHeaders.Remove("X-Trouble");
        ada.DefaultRequestHeaders.Add("X-Trouble", "503");
        await Say(503, "The store is away", ada, "GET", "api/v2/job_statuses/x.json");
        server.Transcript.Verify("zendesk", "refusals");
    }
}
