using System.Net;
using System.Text.Json.Nodes;
using Errand.Dialects.Tests.Alteryx;
using Errand.Dialects.Tests.Workiva;
using Errand.Dialects.Tests.Zendesk;
using Errand.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Dialects.Tests;

/// <summary>The answer about a finished job is made once and sent again: to nobody who may not have it, and for no longer than a moment.</summary>
public sealed class FinishedAnswerTests
{
    private const int Times = 4;

    [Fact]
    public async Task Every_wire_answers_the_same_each_time()
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada"));
        var job = await AlteryxHost.FinishedAsync(server);

        var whole = (await AnswersAsync(ada, $"webapi/v3/jobs/{job.Head.Id}")).Distinct().ToList();
        var reduced = (await AnswersAsync(ada, $"webapi/v3/jobs/{job.Head.Id}?includeMessages=false")).Distinct().ToList();
        Assert.Contains("3 records were dropped", Assert.Single(whole), StringComparison.Ordinal);
        Assert.DoesNotContain("messages", Assert.Single(reduced), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Head, $"webapi/v3/jobs/{job.Head.Id}");
        using var head = await ada.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, (long?)whole[0].Length), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Whoever_may_not_see_the_job_is_not_sent_what_was_made_for_another()
    {
        await using var server = await AlteryxHost.StartAsync();
        var (ada, bob, eve) = (server.Bearer(await server.TokenAsync("ada")), server.Bearer(await server.TokenAsync("bob")), server.Bearer(await server.TokenAsync("ada", tenant: "rival")));
        var job = await AlteryxHost.FinishedAsync(server);
        await AnswersAsync(ada, $"webapi/v3/jobs/{job.Head.Id}");

        foreach (var stranger in new[] { bob, eve }) await stranger.ReadAsync($"webapi/v3/jobs/{job.Head.Id}", HttpStatusCode.NotFound);

        var token = (await server.Services.GetRequiredService<AspNetCore.AccessTokens>().ListAsync()).Single(one => one.Subject == "ada" && one.Tenant == "acme");
        await server.Services.GetRequiredService<AspNetCore.AccessTokens>().RevokeAsync(token.Id);
        await ada.ReadAsync($"webapi/v3/jobs/{job.Head.Id}", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_purged_job_is_gone_at_once()
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada"));
        var job = await AlteryxHost.FinishedAsync(server);
        await AnswersAsync(ada, $"webapi/v3/jobs/{job.Head.Id}");

        await server.JobsOf("ada").PurgeAsync(job.Head.Id);

        await ada.ReadAsync($"webapi/v3/jobs/{job.Head.Id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Each_request_of_Workivas_has_an_id_of_its_own()
    {
        await using var server = await WorkivaServer.StartAsync();
        var client = await server.ReaderAsync();
        var job = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        await server.Hand.SucceedAsync(await server.Hand.ClaimAsync("demo"), """{"cells":4}""");

        List<string> bodies = [];
        List<string> ids = [];
        for (var i = 0; i < Times; i++)
        {
            var (status, body, response) = await client.SayAsync("GET", $"/spreadsheets/v1/queue-jobs/{job.Head.Id}");
            var id = (string)JsonNode.Parse(body)!["request_id"]!;
            Assert.Equal((200, id), (status, Assert.Single(response.Headers.GetValues("X-Request-Id"))));
            bodies.Add(body.Replace(id, "", StringComparison.Ordinal));
            ids.Add(id);
        }

        Assert.Equal(Times, ids.Distinct().Count());
        Assert.Equal(2, bodies.Distinct().Count());
        var link = (string)JsonNode.Parse((await client.SayAsync("GET", $"/spreadsheets/v1/queue-jobs/{job.Head.Id}")).Body)!["data"]!["next_url"]!;
        Assert.Equal("""{"cells":4}""", await server.Client().GetStringAsync(new Uri(link)));
    }

    [Fact]
    public async Task An_operation_leads_to_where_it_was_asked_for()
    {
        await using var server = await WorkivaServer.StartAsync();
        var client = await server.ReaderAsync();
        var (status, _, begun) = await client.SayAsync("POST", "/platform/v1/files/f1/copy", "{}");
        Assert.Equal(202, status);
        var id = begun.Headers.Location!.AbsolutePath.Split('/')[^1];
        await server.Hand.SucceedAsync(await server.Hand.ClaimAsync("files.copy"));

        foreach (var family in new[] { "/platform/v1", "/prototype/platform", "/platform/v1", "/prototype/platform" })
        {
            var body = Assert.Single((await AnswersAsync(client, $"{family}/operations/{id}")).Distinct());
            Assert.Contains($"{family}/operations/{id}/", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_job_that_Zendesk_would_have_forgotten_is_not_told_of()
    {
        await using var server = await ZendeskServers.StartAsync(options => options.Retention = TimeSpan.FromMinutes(1));
        var ada = await server.AdaAsync();
        var job = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        await server.Hand.SucceedAsync(await server.Hand.ClaimAsync("demo"));
        Assert.Single((await AnswersAsync(ada, $"api/v2/job_statuses/{job.Head.Id}.json")).Distinct());

        server.Time.Advance(TimeSpan.FromMinutes(1));

        using var answer = await ada.GetAsync($"api/v2/job_statuses/{job.Head.Id}.json");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<IReadOnlyList<string>> AnswersAsync(HttpClient client, string path)
    {
        List<string> answers = [];
        for (var i = 0; i < Times; i++) answers.Add(await client.GetStringAsync(new Uri(path, UriKind.Relative)));
        return answers;
    }
}
