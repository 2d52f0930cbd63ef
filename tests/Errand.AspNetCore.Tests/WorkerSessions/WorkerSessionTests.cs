using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Errand.AspNetCore.Tests;

public sealed class WorkerSessionTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient ada = server.As();

    [Fact]
    public async Task A_remote_worker_claims_reports_and_settles()
    {
        var queue = NewQueue();
        var id = await ada.SubmitAsync($$"""{"type":"test.later","queue":"{{queue}}","input":{"a":1},"items":[{"n":1},{"n":2}]}""");
        var session = await OpenAsync(queue);
        var claimed = await ClaimAsync(session);
        var lease = claimed.Text("lease");
        Assert.Equal(id, claimed["job"]!.Text("id"));
        Assert.Equal("running", claimed["job"]!.Text("status"));
        Assert.Equal(1, (int)claimed["input"]!["a"]!);
        Assert.True((bool)claimed["hasItems"]!);

        var inputs = await (await ada.FetchAsync($"{session}/inputs", ("Errand-Lease", lease))).Content.ReadAsStringAsync();
        Assert.Equal("{\"index\":0,\"item\":{\"n\":1}}\n{\"index\":1,\"item\":{\"n\":2}}\n", inputs);
        var counts = await ada.PostAsync(
            $"{session}/items", $$"""{"lease":"{{lease}}","items":[{"index":0,"key":"a","status":"succeeded","result":[1]},{"index":1,"status":"failed","error":{"code":"odd","message":"Odd."} }]}""")
            .JsonAsync(HttpStatusCode.OK);
        Assert.Equal(2, (int)counts["completed"]!);
        var done = await ada.FetchAsync($"{session}/items?after=0", ("Errand-Lease", lease)).JsonAsync(HttpStatusCode.OK);
        Assert.Equal("1", Assert.Single(done["items"]!.AsArray())!.Text("key"));
        var beat = await ada.PostAsync(
            $"{session}/beat", $$"""{"leases":[{"lease":"{{lease}}","progress":{"percent":50,"message":"half"},"messages":[{"text":"by beat","severity":"warning"}]}]}""")
            .JsonAsync(HttpStatusCode.OK);
        Assert.Empty(beat["cancel"]!.AsArray());
        Assert.Empty(beat["lost"]!.AsArray());
        Assert.Equal(HttpStatusCode.NoContent, (await ada.PostAsync($"{session}/messages", $$"""{"lease":"{{lease}}","messages":[{"text":"by itself"}]}""")).StatusCode);
        var output = await ada.SayAsync("PUT", $"{session}/outputs/table.csv", "a,b\n", "text/csv", ("Errand-Lease", lease)).JsonAsync(HttpStatusCode.OK);
        Assert.Equal("csv", (string)output["availableFormats"]![0]!);
        var settled = await ada.PostAsync($"{session}/settle", $$"""{"settlements":[{"lease":"{{lease}}","outcome":"succeeded","result":{"sum":3} }]}""").JsonAsync(HttpStatusCode.OK);
        Assert.True((bool)settled["settled"]![0]!);

        var job = await ada.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK);
        Assert.Equal("succeeded", job.Text("status"));
        Assert.Equal(3, (int)job["result"]!["sum"]!);
        Assert.Equal(1, (int)job["progress"]!["failed"]!);
        Assert.Equal("half", job["progress"]!.Text("message"));
        var log = (await ada.FetchAsync($"jobs/{id}/messages").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray();
        Assert.Equal(["by beat", "by itself"], log.Select(m => m!.Text("text")));
        Assert.Equal("a,b\n", await (await ada.FetchAsync($"jobs/{id}/outputs/table.csv")).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await ada.SayAsync("DELETE", session)).StatusCode);
    }

    [Fact]
    public async Task Several_formats_of_an_output_come_as_the_parts_of_one_body()
    {
        var (session, lease, id) = await RunningAsync();
        var body = new MultipartFormDataContent { { new StringContent("a\n1\n", Encoding.UTF8, "text/csv"), "csv" }, { new StringContent("[1]", Encoding.UTF8, "application/json"), "json" } };
        var request = new HttpRequestMessage(HttpMethod.Put, $"{session}/outputs/rows?fileName=rows.csv&formats=csv:text/csv,json:application/json") { Content = body };
        request.Headers.Add("Errand-Lease", lease);
        var output = await ada.SendAsync(request).JsonAsync(HttpStatusCode.OK);

        Assert.Equal(["csv", "json"], output["availableFormats"]!.AsArray().Select(f => (string)f!));
        Assert.Equal("[1]", await (await ada.FetchAsync($"jobs/{id}/outputs/rows?format=json")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_claim_that_waits_is_answered_when_a_job_comes_and_empty_when_none_does()
    {
        var queue = NewQueue();
        var session = await OpenAsync(queue);
        Assert.Equal(HttpStatusCode.NoContent, (await ada.PostAsync($"{session}/claim", "{}")).StatusCode);

        var waiting = ada.PostAsync($"{session}/claim", "{}", ("Prefer", "wait=20"));
        var id = await ada.SubmitAsync($$"""{"type":"test.later","queue":"{{queue}}"}""");
        var claim = await waiting.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(id, claim["jobs"]![0]!["job"]!.Text("id"));
    }

    [Fact]
    public async Task A_cancel_is_told_with_the_beat_and_the_settle_ends_it()
    {
        var (session, lease, id) = await RunningAsync();
        await ada.SayAsync("POST", $"jobs/{id}/cancel").JsonAsync(HttpStatusCode.Accepted);
        var beat = await ada.PostAsync($"{session}/beat", $$"""{"leases":[{"lease":"{{lease}}"}]}""").JsonAsync(HttpStatusCode.OK);
        Assert.Equal(lease, (string)beat["cancel"]![0]!);

        await ada.PostAsync($"{session}/settle", $$"""{"settlements":[{"lease":"{{lease}}","outcome":"canceled","reason":"as asked"}]}""").JsonAsync(HttpStatusCode.OK);
        Assert.Equal("canceled", (await ada.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK)).Text("status"));
    }

    [Fact]
    public async Task A_settled_lease_is_over_for_everything()
    {
        var (session, lease, _) = await RunningAsync();
        var settle = $$"""{"settlements":[{"lease":"{{lease}}","outcome":"failed","error":{"code":"broken","message":"Broken.","retryable":false} }]}""";
        Assert.True((bool)(await ada.PostAsync($"{session}/settle", settle).JsonAsync(HttpStatusCode.OK))["settled"]![0]!);

        Assert.False((bool)(await ada.PostAsync($"{session}/settle", settle).JsonAsync(HttpStatusCode.OK))["settled"]![0]!);
        await ada.PostAsync($"{session}/messages", $$"""{"lease":"{{lease}}","messages":[{"text":"late"}]}""").ProblemAsync(409, "lease_lost");
        await ada.PostAsync($"{session}/items", $$"""{"lease":"{{lease}}","items":[{"key":"a","status":"succeeded"}]}""").ProblemAsync(409, "lease_lost");
        await ada.SayAsync("PUT", $"{session}/outputs/late.txt", "late", "text/plain", ("Errand-Lease", lease)).ProblemAsync(409, "lease_lost");
        var beat = await ada.PostAsync($"{session}/beat", $$"""{"leases":[{"lease":"{{lease}}","messages":[{"text":"late"}]}]}""").JsonAsync(HttpStatusCode.OK);
        Assert.Equal(lease, (string)beat["lost"]![0]!);
    }

    [Fact]
    public async Task A_lease_that_is_over_is_told_to_a_worker_that_names_all_it_holds()
    {
        var (session, lease, id) = await RunningAsync();
        var beat = $$"""{"all":true,"leases":[{"lease":"{{lease}}"}]}""";
        Assert.Empty((await ada.PostAsync($"{session}/beat", beat).JsonAsync(HttpStatusCode.OK))["lost"]!.AsArray());

        await ada.PostAsync($"{session}/settle", $$"""{"settlements":[{"lease":"{{lease}}","outcome":"succeeded"}]}""").JsonAsync(HttpStatusCode.OK);

        Assert.Equal([lease], (await ada.PostAsync($"{session}/beat", beat).JsonAsync(HttpStatusCode.OK))["lost"]!.AsArray().Select(l => (string)l!));
        Assert.Equal("succeeded", (await ada.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK)).Text("status"));
    }

    [Fact]
    public async Task A_closed_session_gives_its_jobs_back()
    {
        var (session, _, id) = await RunningAsync();
        await ada.SayAsync("DELETE", session);

        Assert.Equal("queued", (await ada.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK)).Text("status"));
        await ada.PostAsync($"{session}/beat", "{}").ProblemAsync(409, "lease_lost");
    }

    [Fact]
    public async Task Sessions_and_leases_are_worth_nothing_in_other_hands()
    {
        var (session, lease, _) = await RunningAsync();
        foreach (var person in (string[])["bob", "boss", "eve"])
        {
            await server.As(person).PostAsync($"{session}/beat", "{}").ProblemAsync(404, "not_found");
            await server.As(person).SayAsync("DELETE", session).ProblemAsync(404, "not_found");
        }

        var other = await OpenAsync(NewQueue());
        Assert.False((bool)(await ada.PostAsync($"{other}/settle", $$"""{"settlements":[{"lease":"{{lease}}","outcome":"succeeded"}]}""").JsonAsync(HttpStatusCode.OK))["settled"]![0]!);
        await ada.FetchAsync($"{other}/inputs", ("Errand-Lease", lease)).ProblemAsync(409, "lease_lost");
        await ada.FetchAsync($"{session}/inputs").ProblemAsync(400, "invalid_request");
    }

    [Fact]
    public async Task A_worker_gets_its_own_tenants_jobs_only()
    {
        var queue = NewQueue();
        await server.As("eve").SubmitAsync($$"""{"type":"test.later","queue":"{{queue}}"}""");

        Assert.Equal(HttpStatusCode.NoContent, (await ada.PostAsync($"{await OpenAsync(queue)}/claim", """{"demands":[{"queue":"*","limit":10}]}""")).StatusCode);
    }

    [Theory]
    [InlineData("""{"worker":"w","types":[]}""", "#/types")]
    [InlineData("""{"worker":"","types":["a"]}""", "#/worker")]
    [InlineData("""{"worker":"w","types":["A"]}""", "#/types/0")]
    [InlineData("""{"worker":"w","types":["a"],"slots":0}""", "#/slots")]
    [InlineData("""{"types":["a"]}""", "#/worker")]
    public async Task A_bad_session_names_its_member(string body, string pointer)
    {
        var problem = await ada.PostAsync("worker-sessions", body).ProblemAsync(400, "invalid_request");

        Assert.Equal(pointer, problem["errors"]![0]!.Text("pointer"));
    }

    private static string NewQueue() => "q" + Guid.NewGuid().ToString("N");

    private async Task<(string Session, string Lease, string Id)> RunningAsync()
    {
        var queue = NewQueue();
        var id = await ada.SubmitAsync($$"""{"type":"test.later","queue":"{{queue}}"}""");
        var session = await OpenAsync(queue);
        return (session, (await ClaimAsync(session)).Text("lease"), id);
    }

    private async Task<string> OpenAsync(string queue)
    {
        var answer = await ada.PostAsync("worker-sessions", $$"""{"worker":"remote 1","types":["test.later"],"queues":["{{queue}}"],"slots":4}""");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("PT5S", (await answer.JsonAsync()).Text("term"));
        return answer.Header("Location")!;
    }

    private async Task<JsonNode> ClaimAsync(string session) =>
        (await ada.PostAsync($"{session}/claim", "{}", ("Prefer", "wait=10")).JsonAsync(HttpStatusCode.OK))["jobs"]![0]!;
}
