using System.Net;
using System.Text.Json.Nodes;
using static Errand.Dialects.Tests.Zendesk.ZendeskServers;

namespace Errand.Dialects.Tests.Zendesk;

/// <summary>What holds on the wire beside the words.</summary>
public sealed class WireTests
{
    [Fact]
    public async Task Credentials_are_a_bearer_token_or_an_e_mail_with_the_token()
    {
        await using var server = await StartAsync();
        var job = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        var (plain, mail, other) = (await server.TokenAsync("robot"), await server.TokenAsync("ada@example.com"), await server.TokenAsync("robot", "globex"));
        async Task<HttpStatusCode> Ask(HttpClient client) => (await client.GetAsync($"api/v2/job_statuses/{job.Head.Id}.json")).StatusCode;

        Assert.Equal(HttpStatusCode.OK, await Ask(server.Bearer(plain)));
        Assert.Equal(HttpStatusCode.OK, await Ask(server.Client(Basic("anyone@example.com/token", plain))));
        Assert.Equal(HttpStatusCode.OK, await Ask(server.Client(Basic("Ada@Example.com/token", mail))));
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(server.Client(Basic("eve@example.com/token", mail))));
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(server.Client(Basic("ada@example.com", mail))));
        Assert.Equal(HttpStatusCode.NotFound, await Ask(server.Bearer(other)));
    }

    [Fact]
    public async Task Only_agents_read_where_that_is_asked_for()
    {
        await using var server = await StartAsync(options => options.AgentsOnly = true);
        var job = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        async Task<HttpStatusCode> Ask(string token) => (await server.Bearer(token).GetAsync($"api/v2/job_statuses/{job.Head.Id}")).StatusCode;

        Assert.Equal(HttpStatusCode.Forbidden, await Ask(await server.TokenAsync("end-user")));
        server.Transcript.Verify("zendesk", "agents-only");
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(await server.TokenAsync("end-user", roles: "viewer")));
        Assert.Equal(HttpStatusCode.OK, await Ask(await server.TokenAsync("agent", roles: "member")));
    }

    [Fact]
    public async Task The_list_goes_forward_and_back_from_the_unfinished_to_the_longest_finished()
    {
        await using var server = await StartAsync();
        List<string> expected = [];
        for (var i = 0; i < 3; i++)
        {
            expected.Insert(0, (await server.SubmitAsync(new JobSubmission { Type = "demo" })).Head.Id.ToString());
            await server.Hand.SucceedAsync(await server.Hand.ClaimAsync("demo"));
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        for (var i = 0; i < 2; i++) expected.Insert(0, (await server.SubmitAsync(new JobSubmission { Type = "demo" })).Head.Id.ToString());
        await server.SubmitAsync(new JobSubmission { Type = "demo" }, "eve", "globex");
        var ada = await server.AdaAsync();

        Assert.Equal(expected, Ids(await PageAsync(ada, "api/v2/job_statuses.json")));
        server.Transcript.Clear();
        List<string> forward = [];
        var page = await PageAsync(ada, "api/v2/job_statuses?page[size]=2");
        Assert.Null(page["links"]!["prev"]);
        while (true)
        {
            forward.AddRange(Ids(page));
            if (!page["meta"]!["has_more"]!.GetValue<bool>()) break;
            page = await PageAsync(ada, page["links"]!["next"]!.GetValue<string>());
        }

        Assert.Equal(expected, forward);
        server.Transcript.Verify("zendesk", "list");
        List<string> back = [.. Ids(page)];
        while (page["links"]!["prev"] is { } previous)
        {
            page = await PageAsync(ada, previous.GetValue<string>());
            back.InsertRange(0, Ids(page));
        }

        Assert.Equal(expected, back);
    }

    [Fact]
    public async Task Several_are_shown_by_id_and_unknown_ones_left_out()
    {
        await using var server = await StartAsync();
        var (one, two) = (await server.SubmitAsync(new JobSubmission { Type = "demo" }), await server.SubmitAsync(new JobSubmission { Type = "demo" }, "eve"));
        var page = await PageAsync(await server.AdaAsync(), $"api/v2/job_statuses/show_many.json?ids={one.Head.Id}%2C{two.Head.Id},unknown");
        Assert.Equal([one.Head.Id.ToString(), two.Head.Id.ToString()], Ids(page));
        server.Transcript.Verify("zendesk", "show-many");
    }

    [Fact]
    public async Task The_thirty_first_unfinished_bulk_job_of_an_account_is_refused_without_a_retry_after()
    {
        await using var server = await StartAsync();
        var ada = await server.AdaAsync();
        for (var i = 1; i <= 30; i++)
        {
            var answer = await ada.SendAsync("DELETE", "api/v2/tickets/destroy_many?ids=1");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal($"total=30; remaining={30 - i}; resets=56", answer.Headers.GetValues("Zendesk-RateLimit-Inflight-Jobs").Single());
        }

        server.Transcript.Clear();
        var refused = await ada.SendAsync("DELETE", "api/v2/tickets/destroy_many?ids=1");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Retry-After"));
        Assert.Equal(30, JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["current_job_ids"]!.AsArray().Count);
        server.Transcript.Verify("zendesk", "too-many-jobs");

        var eve = server.Bearer(await server.TokenAsync("eve", "globex"));
        Assert.Equal(HttpStatusCode.OK, (await eve.SendAsync("DELETE", "api/v2/tickets/destroy_many?ids=1")).StatusCode);
        await server.SubmitAsync(new JobSubmission { Type = "demo" });
        await server.Hand.SucceedAsync(await server.Hand.ClaimAsync("tickets.destroy"));
        Assert.Equal(HttpStatusCode.OK, (await ada.SendAsync("DELETE", "api/v2/tickets/destroy_many?ids=1")).StatusCode);
    }

    [Fact]
    public async Task Over_the_rate_limit_a_request_is_told_when_to_come_back()
    {
        await using var server = await StartAsync(options => options.RateLimit = 2);
        var ada = await server.AdaAsync();
        var first = await ada.GetAsync("api/v2/job_statuses");
        Assert.Equal(("2", "1"), (first.Headers.GetValues("X-Rate-Limit").Single(), first.Headers.GetValues("X-Rate-Limit-Remaining").Single()));
        await ada.GetAsync("api/v2/job_statuses");
        server.Transcript.Clear();
        var refused = await ada.GetAsync("api/v2/job_statuses");
        Assert.Equal((HttpStatusCode.TooManyRequests, 60), (refused.StatusCode, (int)refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        server.Transcript.Verify("zendesk", "rate-limited");
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("api/v2/job_statuses")).StatusCode);
    }

    [Fact]
    public async Task A_day_after_its_creation_a_finished_job_is_unknown()
    {
        await using var server = await StartAsync();
        var job = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        await server.Hand.SucceedAsync(await server.Hand.ClaimAsync("demo"));
        var ada = await server.AdaAsync();
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync($"api/v2/job_statuses/{job.Head.Id}")).StatusCode);
        server.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync($"api/v2/job_statuses/{job.Head.Id}")).StatusCode);
        Assert.Empty(Ids(await PageAsync(ada, "api/v2/job_statuses")));
    }

    [Fact]
    public async Task The_same_idempotency_key_begins_one_job()
    {
        await using var server = await StartAsync();
        var ada = await server.AdaAsync();
        ada.DefaultRequestHeaders.Add("Idempotency-Key", "k1");
        var first = await ada.SendAsync("DELETE", "api/v2/tickets/destroy_many?ids=1");
        var second = await ada.SendAsync("DELETE", "api/v2/tickets/destroy_many?ids=1");
        var third = await ada.SendAsync("DELETE", "api/v2/tickets/destroy_many?ids=2");
        Assert.Equal(("miss", "hit", HttpStatusCode.BadRequest),
            (first.Headers.GetValues("X-Idempotency-Lookup").Single(), second.Headers.GetValues("X-Idempotency-Lookup").Single(), third.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    private static async Task<JsonObject> PageAsync(HttpClient client, string path)
    {
        var answer = await client.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    private static List<string> Ids(JsonObject page) => [.. page["job_statuses"]!.AsArray().Select(job => job!["id"]!.GetValue<string>())];
}
