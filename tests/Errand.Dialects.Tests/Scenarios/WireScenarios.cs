using System.Text.Json.Nodes;

namespace Errand.Dialects.Tests.Scenarios;

/// <summary>What every wire has to do, written once: the same jobs, seen through each.</summary>
public abstract class WireScenarios(Wire wire)
{
    private const string Unknown = "8b726e606741012ffc2d782bcb7848fe";

    [Fact]
    public async Task A_job_is_begun_polled_to_its_success_and_its_outcome_read()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        var ada = await server.CallerAsync(wire.Scopes);
        Note(server, "Begin");
        var id = await SubmitAsync(ada);
        Note(server, "Waiting");
        Assert.Equal(wire.Words[0], wire.WordOf(await LookAsync(ada, id)));
        var job = await server.Wires.Hand.ClaimAsync(ScenarioServer.Type);
        Note(server, "Under way");
        Assert.Equal(wire.Words[1], wire.WordOf(await LookAsync(ada, id)));
        server.Wires.Time.Advance(TimeSpan.FromSeconds(2));
        await server.SucceedAsync(job);
        Note(server, "Over");
        var status = await LookAsync(ada, id);
        Assert.Equal(wire.Words[2], wire.WordOf(status));
        await wire.CheckOutcomeAsync(server, ada, status);
        server.Transcript.Verify(wire.Name, "scenario-success");
        Assert.Equal(wire.Words[2], wire.WordOf(await LookAsync(ada, id)));
    }

    [Fact]
    public async Task A_job_that_fails_says_why_and_which_of_its_items_did()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        var ada = await server.CallerAsync(wire.Scopes);
        var id = await SubmitAsync(ada);
        await server.FailAsync(await server.Wires.Hand.ClaimAsync(ScenarioServer.Type));
        server.Transcript.Clear();
        var status = await LookAsync(ada, id);
        Assert.Equal(wire.Words[3], wire.WordOf(status));
        await wire.CheckFailureAsync(ada, status);
        server.Transcript.Verify(wire.Name, "scenario-item-errors");
    }

    [Fact]
    public async Task A_cancel_is_seen()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        var ada = await server.CallerAsync([.. wire.Scopes, "jobs.cancel"]);
        var (waiting, running) = (await SubmitAsync(ada), await SubmitAsync(ada));
        var job = await server.Wires.Hand.ClaimAsync(ScenarioServer.Type);
        if (job.Head.Id.ToString() == waiting) (waiting, running) = (running, waiting);
        server.Transcript.Clear();
        Note(server, $"A job that waits is over at once{Cancels}");
        await CancelAsync(server, ada, waiting);
        Assert.Equal(wire.Words[4], wire.WordOf(await LookAsync(ada, waiting)));
        Note(server, "One that runs goes on running until its worker has stopped");
        await CancelAsync(server, ada, running);
        Assert.Equal(wire.StoppingWord, wire.WordOf(await LookAsync(ada, running)));
        await server.Wires.Hand.SettleAsync(job, new JobOutcome.Canceled());
        Assert.Equal(wire.Words[4], wire.WordOf(await LookAsync(ada, running)));
        server.Transcript.Verify(wire.Name, "scenario-cancel");
    }

    [Fact]
    public async Task Unknown_foreign_and_ill_shaped_ids_answer_alike()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        var ada = await server.CallerAsync(wire.Scopes);
        var eve = await server.CallerAsync(wire.Scopes, "eve", wire.ForeignTenant);
        var id = await SubmitAsync(ada);
        server.Transcript.Clear();
        Note(server, "Unknown");
        var unknown = await RefusedAsync(404, eve, wire.Look(Unknown));
        Note(server, "Somebody else's");
        var foreign = await RefusedAsync(404, eve, wire.Look(id));
        Note(server, "An id of another shape");
        var odd = await RefusedAsync(404, eve, wire.Look("bd9iOjhlYmViZDY2YjdkYzQzMHU5NmU5MWQ4YzRjMTNiOWYwOjI"));
        server.Transcript.Verify(wire.Name, "scenario-not-found");
        Assert.Equal(Comparable(unknown), Comparable(foreign));
        Assert.Equal(Comparable(unknown), Comparable(odd));
    }

    [Fact]
    public async Task A_purged_job_leaves_what_the_wire_has_for_it()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        var ada = await server.CallerAsync(wire.Scopes);
        var id = await SubmitAsync(ada);
        await server.SucceedAsync(await server.Wires.Hand.ClaimAsync(ScenarioServer.Type));
        await server.Wires.JobsOf("ada").PurgeAsync(JobId.Parse(id));
        server.Transcript.Clear();
        Note(server, wire.WhyNotGone ?? "A job that was there and is purged");
        await RefusedAsync(wire.Gone, ada, wire.Look(id));
        server.Transcript.Verify(wire.Name, "scenario-expired");
        await RefusedAsync(404, await server.CallerAsync(wire.Scopes, "eve", wire.ForeignTenant), wire.Look(id));
    }

    [Fact]
    public async Task Nobody_is_let_in_without_valid_credentials_and_makes_nothing()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        var id = await SubmitAsync(await server.CallerAsync(wire.Scopes));
        server.Transcript.Clear();
        foreach (var nobody in (HttpClient[])[server.Wires.Client(), server.Wires.Bearer("errand_no")])
        {
            await RefusedAsync(401, nobody, wire.Look(id));
            await RefusedAsync(401, nobody, wire.Submit());
        }

        server.Transcript.Verify(wire.Name, "scenario-unauthorised");
        Assert.Equal(1, await server.CountAsync());
    }

    [Fact]
    public async Task A_caller_without_the_scope_is_refused_before_any_look_up()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        var id = await SubmitAsync(await server.CallerAsync(wire.Scopes));
        server.Transcript.Clear();
        if (wire.Narrow is not { } narrow)
        {
            Note(server, "\"Allowed For: Anyone\" – the wire knows no scopes, and any caller of the account reads and begins");
            var any = await server.CallerAsync(["jobs.cancel"]);
            await LookAsync(any, id);
            await SubmitAsync(any);
        }
        else
        {
            var caller = await server.CallerAsync(narrow.Scopes);
            await RefusedAsync(narrow.Status, caller, narrow.Request(id));
            await RefusedAsync(narrow.Status, caller, narrow.Request(Unknown));
            if (narrow.OpenLook is { } why)
            {
                Note(server, why);
                await LookAsync(caller, id);
            }

            Assert.Equal(1, await server.CountAsync());
        }

        server.Transcript.Verify(wire.Name, "scenario-scope");
    }

    [Fact]
    public async Task A_caller_over_the_limit_is_told_when_to_come_again()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        var (ada, hasty) = (await server.CallerAsync(wire.Scopes), await server.CallerAsync([.. wire.Scopes, "jobs.read.all"], ScenarioServer.Hasty));
        var id = await SubmitAsync(hasty);
        await LookAsync(hasty, id);
        server.Transcript.Clear();
        server.Transcript.SpreadsRetryAfter = true;
        using var answer = await hasty.SendAsync(wire.Look(id));
        await CheckRefusalAsync(429, answer);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 60, 66);
        server.Transcript.Verify(wire.Name, "scenario-rate-limited");
        await RefusedAsync(429, hasty, wire.Submit());
        await SubmitAsync(ada);
        Assert.Equal(2, await server.CountAsync());
        server.Wires.Time.Advance(TimeSpan.FromMinutes(1));
        await LookAsync(hasty, id);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_and_makes_nothing()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        await RefusedAsync(413, await server.CallerAsync(wire.Scopes), wire.Submit(new string(' ', wire.BodyBytesMax + 1)));
        server.Transcript.Verify(wire.Name, "scenario-oversized");
        Assert.Equal(0, await server.CountAsync());
    }

    [Fact]
    public async Task A_malformed_body_is_refused_with_its_place_and_makes_nothing()
    {
        await using var server = await ScenarioServer.StartAsync(wire);
        await RefusedAsync(400, await server.CallerAsync(wire.Scopes), wire.Submit("""{"no"""));
        server.Transcript.Verify(wire.Name, "scenario-malformed");
        Assert.Equal(0, await server.CountAsync());
    }

    private static void Note(ScenarioServer server, string sentence) => server.Transcript.Note(sentence);

    private async Task<string> SubmitAsync(HttpClient client)
    {
        using var answer = await client.SendAsync(wire.Submit());
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(wire.Accepted == (int)answer.StatusCode, $"{(int)answer.StatusCode} {body}");
        return wire.IdOf(answer, body);
    }

    private async Task<JsonNode> LookAsync(HttpClient client, string id)
    {
        using var answer = await client.SendAsync(wire.Look(id));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    private async Task<string> RefusedAsync(int status, HttpClient client, HttpRequestMessage request)
    {
        using var answer = await client.SendAsync(request);
        return await CheckRefusalAsync(status, answer);
    }

    private async Task<string> CheckRefusalAsync(int status, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode} instead of {status}: {body}");
        wire.CheckRefusal(status, answer, body);
        return body;
    }

    // No vendor's document has a call that cancels; there it is the native API's, and seen on the wire.
    private string Cancels => wire.CanCancel ? "" : " (canceled by the native API: the vendor's documents have no call for it)";

    private async Task CancelAsync(ScenarioServer server, HttpClient caller, string id)
    {
        using var client = wire.CanCancel ? null : server.Unwritten(caller);
        using var answer = await (client ?? caller).PostAsync(new Uri($"v1/jobs/{id}/cancel", UriKind.Relative), null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    // What is of the request and not of the job.
    private static string Comparable(string body)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        foreach (var member in (string[])["request_id", "traceId", "instance"]) json.Remove(member);
        return json.ToJsonString();
    }
}

public sealed class NativeScenarios() : WireScenarios(new NativeWire());

public sealed class QueueJobScenarios() : WireScenarios(new QueueJobWire());

public sealed class OperationScenarios() : WireScenarios(new OperationWire());

public sealed class ZendeskScenarios() : WireScenarios(new ZendeskWire());

public sealed class AlteryxScenarios() : WireScenarios(new AlteryxWire());
