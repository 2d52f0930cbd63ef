using System.Net;
using System.Text.Json.Nodes;

namespace Errand.AspNetCore.Tests;

public sealed class SubmitTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient ada = server.As();

    [Fact]
    public async Task An_accepted_job_says_where_it_is_where_its_result_will_be_and_when_to_ask()
    {
        var answer = await ada.PostAsync("jobs", """{"type":"test.later","input":{"a":1},"labels":{"team":"blue"},"priority":7}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var job = await answer.JsonAsync();
        var id = job.Text("id");
        var self = $"{server.Address}v1/jobs/{id}";
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(self, answer.Header("Operation-Location"));
        Assert.Equal(self, answer.Header("Content-Location"));
        Assert.Equal($"{self}/result", answer.Header("Location"));
        Assert.Equal(id, answer.Header("Operation-Id"));
        Assert.Equal("\"1.0\"", answer.Header("ETag"));
        Assert.InRange(int.Parse(answer.Header("Retry-After")!), 1, 2);
        Assert.Equal("Accept, Prefer, Authorization", answer.Header("Vary"));
        Assert.Equal("queued", job.Text("status"));
        Assert.False((bool)job["done"]!);
        Assert.Equal(7, (int)job["priority"]!);
        Assert.Equal("blue", job["labels"]!.Text("team"));
        Assert.Equal("ada", job.Text("createdBy"));
        Assert.Equal(self + "/events", job["links"]!.Text("events"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", job.Text("createdAt"));
        Assert.Null(job["input"]);
    }

    [Fact]
    public async Task A_job_that_ends_within_the_preferred_wait_is_answered_with_its_result()
    {
        var answer = await ada.PostAsync("jobs", """{"type":"test.echo","input":{"answer":42}}""", ("Prefer", "wait=20"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("wait=20", answer.Header("Preference-Applied"));
        var job = await answer.JsonAsync();
        Assert.Equal("succeeded", job.Text("status"));
        Assert.Equal(42, (int)job["result"]!["answer"]!);
        Assert.Equal(13, (int)job["resultInfo"]!["size"]!);
        Assert.NotNull(answer.Header("Sunset"));
        Assert.Null(answer.Header("Retry-After"));
    }

    [Fact]
    public async Task A_wait_over_the_maximum_is_cut_and_said_so()
    {
        var answer = await ada.PostAsync("jobs", """{"type":"test.echo"}""", ("Prefer", "respond-async, wait=999999"));

        Assert.Equal("wait=30, respond-async", answer.Header("Preference-Applied"));
    }

    [Fact]
    public async Task Minimal_answers_have_headers_only()
    {
        var answer = await ada.PostAsync("jobs", """{"type":"test.later"}""", ("Prefer", "return=minimal"));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("return=minimal", answer.Header("Preference-Applied"));
        Assert.NotNull(answer.Header("Operation-Location"));
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_same_key_with_the_same_body_gives_the_same_job_quoted_or_not()
    {
        var key = Guid.NewGuid().ToString();
        const string body = """{"type":"test.later"}""";
        var first = await ada.PostAsync("jobs", body, ("Idempotency-Key", key));
        var second = await ada.PostAsync("jobs", body, ("Idempotency-Key", $"\"{key}\""));

        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        Assert.Null(first.Header("Idempotency-Replayed"));
        Assert.Equal("true", second.Header("Idempotency-Replayed"));
        Assert.Equal(first.Header("Operation-Id"), second.Header("Operation-Id"));
    }

    [Fact]
    public async Task Asked_again_for_what_is_done_the_answer_holds_the_result_as_a_read_does()
    {
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        const string body = """{"type":"test.echo","input":{"answer":42}}""";
        var path = $"jobs/{Guid.NewGuid()}";
        Assert.Equal(HttpStatusCode.OK, (await ada.PostAsync("jobs", body, key, ("Prefer", "wait=20"))).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await ada.SayAsync("PUT", path, body, headers: ("Prefer", "wait=20"))).StatusCode);

        var posted = await (await ada.PostAsync("jobs", body, key)).JsonAsync();
        var put = await (await ada.SayAsync("PUT", path, body)).JsonAsync();

        Assert.Equal(42, (int)posted["result"]!["answer"]!);
        Assert.Equal(42, (int)put["result"]!["answer"]!);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused_and_means_nothing_to_others()
    {
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var first = await ada.SubmitAsync("""{"type":"test.later","input":1}""", key);
        await ada.PostAsync("jobs", """{"type":"test.later","input":2}""", key).ProblemAsync(422, "idempotency_key_reused");
        var others = await server.As("bob").SubmitAsync("""{"type":"test.later","input":2}""", key);

        Assert.NotEqual(first, others);
    }

    [Theory]
    [InlineData("\"not closed")]
    [InlineData("\"\"")]
    [InlineData("two words")]
    [InlineData("\"a\"b\"")]
    public async Task A_malformed_key_is_refused(string key) =>
        await ada.PostAsync("jobs", """{"type":"test.later"}""", ("Idempotency-Key", key)).ProblemAsync(400, "idempotency_key_invalid");

    [Fact]
    public async Task A_type_can_insist_on_a_key() =>
        await ada.PostAsync("jobs", """{"type":"test.keyed"}""").ProblemAsync(400, "idempotency_key_missing");

    [Fact]
    public async Task A_taken_unique_key_gives_the_live_job_or_a_refusal()
    {
        var key = Guid.NewGuid().ToString();
        var first = await ada.SubmitAsync($$"""{"type":"test.later","uniqueKey":"{{key}}"}""");
        var second = await ada.PostAsync("jobs", $$"""{"type":"test.later","uniqueKey":"{{key}}"}""");
        var problem = await ada.PostAsync("jobs", $$"""{"type":"test.later","uniqueKey":"{{key}}","onConflict":"reject"}""").ProblemAsync(409, "unique_key_conflict");

        Assert.Equal("reused", second.Header("Unique-Key-Conflict"));
        Assert.Equal(first, second.Header("Operation-Id"));
        Assert.Equal(first, problem["job"]!.Text("id"));
    }

    [Fact]
    public async Task Validating_makes_no_job()
    {
        var job = await ada.PostAsync("jobs?validateOnly=true", """{"type":"test.later","delay":"PT1H","correlationId":"dry"}""").JsonAsync(HttpStatusCode.OK);

        Assert.Null(job["id"]);
        Assert.Null(job["links"]);
        Assert.Equal("scheduled", job.Text("status"));
        var list = await ada.FetchAsync("jobs?correlationId=dry").JsonAsync(HttpStatusCode.OK);
        Assert.Empty(list["items"]!.AsArray());
    }

    [Fact]
    public async Task A_job_can_be_put_under_an_id_of_the_client_and_put_again()
    {
        var id = Guid.NewGuid();
        const string body = """{"type":"test.later","input":[1,2]}""";
        var first = await ada.SayAsync("PUT", $"jobs/{id:D}".ToUpperInvariant().Replace("JOBS", "jobs", StringComparison.Ordinal), body);
        var second = await ada.SayAsync("PUT", $"jobs/{id:N}", body);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Null(first.Header("Location"));
        Assert.Equal($"{server.Address}v1/jobs/{id:N}", first.Header("Content-Location"));
        Assert.Equal(id.ToString("N"), (await second.JsonAsync()).Text("id"));
    }

    [Fact]
    public async Task Putting_something_else_under_a_taken_id_is_a_conflict_and_with_a_precondition_a_412()
    {
        var id = Guid.NewGuid().ToString("N");
        await ada.SayAsync("PUT", $"jobs/{id}", """{"type":"test.later"}""");

        var problem = await ada.SayAsync("PUT", $"jobs/{id}", """{"type":"test.later","priority":9}""").ProblemAsync(409, "job_exists");
        Assert.Equal(id, problem["job"]!.Text("id"));
        await ada.SayAsync("PUT", $"jobs/{id}", """{"type":"test.later"}""", headers: ("If-None-Match", "*")).ProblemAsync(412, "precondition_failed");
        await ada.SayAsync("PUT", $"jobs/{id}", """{"type":"test.later","priority":9}""", headers: ("If-None-Match", "*")).ProblemAsync(412, "precondition_failed");
    }

    [Fact]
    public async Task Another_tenant_can_use_the_same_id()
    {
        var id = Guid.NewGuid().ToString("N");
        await ada.SayAsync("PUT", $"jobs/{id}", """{"type":"test.later"}""");

        Assert.Equal(HttpStatusCode.Created, (await server.As("eve").SayAsync("PUT", $"jobs/{id}", """{"type":"test.later","priority":1}""")).StatusCode);
    }

    [Fact]
    public async Task A_batch_answers_for_each_job()
    {
        var answer = await ada.PostAsync("jobs/batch", """{"items":[{"type":"test.later"},{"type":"no.such"},{"type":"test.later","priority":99}]}""").JsonAsync(HttpStatusCode.Accepted);
        var items = answer["items"]!.AsArray();

        Assert.Equal([202, 404, 400], items.Select(i => (int)i!["status"]!));
        Assert.Matches("^[0-9a-f]{32}$", items[0]!["job"]!.Text("id"));
        Assert.Equal("unknown_job_type", items[1]!["problem"]!.Text("code"));
    }

    [Fact]
    public async Task An_atomic_batch_stores_all_or_none_and_points_at_what_is_wrong()
    {
        var group = Guid.NewGuid().ToString("N");
        var answer = await ada.PostAsync("jobs/batch", $$"""{"atomic":true,"items":[{"type":"test.later","correlationId":"{{group}}"},{"type":"test.later","priority":99}]}""");
        var problem = await answer.JsonAsync();

        Assert.True((int)answer.StatusCode is 400 or 422, $"{answer.StatusCode}");
        Assert.StartsWith("#/items/1", problem["errors"]![0]!.Text("pointer"), StringComparison.Ordinal);
        var list = await ada.FetchAsync($"jobs?correlationId={group}").JsonAsync(HttpStatusCode.OK);
        Assert.Empty(list["items"]!.AsArray());
    }

    [Fact]
    public async Task A_thousand_jobs_fit_a_batch_and_one_more_does_not()
    {
        static string Batch(int count) => new JsonObject { ["items"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => new JsonObject { ["type"] = "test.later" })]) }.ToJsonString();

        var answer = await ada.PostAsync("jobs/batch", Batch(1000)).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(1000, answer["items"]!.AsArray().Count);
        var problem = await ada.PostAsync("jobs/batch", Batch(1001)).ProblemAsync(400, "invalid_request");
        Assert.Equal("#/items", problem["errors"]![0]!.Text("pointer"));
    }

    [Fact]
    public async Task The_trace_of_the_request_is_kept_and_a_malformed_one_dropped()
    {
        var good = await ada.PostAsync("jobs", """{"type":"test.later"}""", ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")).JsonAsync(HttpStatusCode.Accepted);
        var bad = await ada.PostAsync("jobs", """{"type":"test.later"}""", ("traceparent", "00-zzz\tx-1")).JsonAsync(HttpStatusCode.Accepted);

        Assert.Equal("0af7651916cd43dd8448eb211c80319c", good.Text("traceId"));
        Assert.NotEqual("zzz", bad.Text("traceId"));
    }

    [Fact]
    public async Task Internal_types_cannot_be_submitted() =>
        await server.As("boss").PostAsync("jobs", """{"type":"system.bulk","input":{}}""").ProblemAsync(404, "unknown_job_type");
}
