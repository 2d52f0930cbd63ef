using System.Net;

namespace Errand.AspNetCore.Tests;

public sealed class ChangeJobTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Patch = "application/merge-patch+json";

    private readonly HttpClient ada = server.As();

    [Fact]
    public async Task A_waiting_job_is_canceled_at_once_and_again_without_complaint()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var job = await ada.PostAsync($"jobs/{id}/cancel", """{"reason":"changed my mind"}""").JsonAsync(HttpStatusCode.OK);
        var again = await ada.SayAsync("POST", $"jobs/{id}:cancel").JsonAsync(HttpStatusCode.OK);

        Assert.Equal("canceled", job.Text("status"));
        Assert.Equal("changed my mind", job.Text("cancelReason"));
        Assert.Equal("canceled", job["error"]!.Text("code"));
        Assert.Equal("canceled", again.Text("status"));
    }

    [Fact]
    public async Task A_running_job_is_asked_to_stop()
    {
        var id = JobId.Parse(await ada.SubmitAsync("""{"type":"test.hold"}"""));
        await server.Handlers.StartedAsync(id);
        var answer = await ada.SayAsync("POST", $"jobs/{id}/cancel");

        Assert.True(answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.OK);
        if (answer.StatusCode is HttpStatusCode.Accepted) Assert.EndsWith($"/v1/jobs/{id}", answer.Header("Operation-Location"), StringComparison.Ordinal);
        var end = await ada.FetchAsync($"jobs/{id}", ("Prefer", "wait=20")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal("canceled", end.Text("status"));
    }

    [Fact]
    public async Task A_finished_job_stays_as_it_is_when_it_is_canceled()
    {
        var id = (await ada.RunAsync("""{"type":"test.echo"}""")).Text("id");

        Assert.Equal("succeeded", (await ada.SayAsync("POST", $"jobs/{id}/cancel").JsonAsync(HttpStatusCode.OK)).Text("status"));
    }

    [Fact]
    public async Task A_failed_job_is_repeated_as_a_new_one()
    {
        var id = (await ada.RunAsync("""{"type":"test.fail","input":{"a":1}}""")).Text("id");
        var answer = await ada.SayAsync("POST", $"jobs/{id}/retry");
        var job = await answer.JsonAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.NotEqual(id, job.Text("id"));
        Assert.Equal(id, job.Text("retryOf"));
        Assert.EndsWith($"{job.Text("id")}/result", answer.Header("Location"), StringComparison.Ordinal);
        var running = await ada.SubmitAsync("""{"type":"test.later"}""");
        var problem = await ada.SayAsync("POST", $"jobs/{running}/retry").ProblemAsync(409, "job_not_finished");
        Assert.Equal(running, problem["job"]!.Text("id"));
    }

    [Fact]
    public async Task A_merge_patch_sets_what_it_names_takes_away_nulls_and_leaves_the_rest()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later","labels":{"a":"1","b":"2"},"deadline":"2099-01-01T00:00:00Z","priority":3}""");
        var job = await ada.SayAsync("PATCH", $"jobs/{id}", """{"labels":{"a":null,"c":"3"},"deadline":null,"maxAttempts":9}""", Patch).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(["b=2", "c=3"], job["labels"]!.AsObject().Select(l => $"{l.Key}={l.Value}").Order());
        Assert.Null(job["deadline"]);
        Assert.Equal(9, (int)job["maxAttempts"]!);
        Assert.Equal(3, (int)job["priority"]!);
    }

    [Fact]
    public async Task A_stale_tag_changes_nothing()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var first = (await ada.FetchAsync($"jobs/{id}")).Header("ETag")!;
        var changed = await ada.SayAsync("PATCH", $"jobs/{id}", """{"priority":9}""", Patch, ("If-Match", first));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        var problem = await ada.SayAsync("PATCH", $"jobs/{id}", """{"priority":1}""", Patch, ("If-Match", first)).ProblemAsync(412, "precondition_failed");
        Assert.Equal(changed.Header("ETag"), problem.Text("currentEtag"));
        await ada.SayAsync("PATCH", $"jobs/{id}", """{"priority":1}""", Patch, ("If-Match", "W/" + changed.Header("ETag"))).ProblemAsync(412, "precondition_failed");
        Assert.Equal(9, (int)(await ada.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK))["priority"]!);
    }

    [Fact]
    public async Task A_finished_job_does_not_change()
    {
        var id = (await ada.RunAsync("""{"type":"test.echo"}""")).Text("id");

        await ada.SayAsync("PATCH", $"jobs/{id}", """{"priority":9}""", Patch).ProblemAsync(409, "job_finished");
        await ada.SayAsync("PATCH", $"jobs/{id}", """{"priority":9}""", Patch, ("If-Match", "\"1.0\"")).ProblemAsync(412, "precondition_failed");
    }

    [Theory]
    [InlineData("""{"priority":null}""", "#/priority")]
    [InlineData("""{"priority":10}""", "#/priority")]
    [InlineData("""{"status":"succeeded"}""", "#/status")]
    [InlineData("""{"labels":{"a":1}}""", "#/labels/a")]
    [InlineData("""[]""", "#")]
    public async Task A_bad_patch_names_its_member(string patch, string pointer)
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var problem = await ada.SayAsync("PATCH", $"jobs/{id}", patch, Patch).ProblemAsync(400, "invalid_request");

        Assert.Equal(pointer, problem["errors"]![0]!.Text("pointer"));
    }

    [Fact]
    public async Task Only_a_finished_job_is_removed_and_without_a_trace_only_on_demand()
    {
        var boss = server.As("boss");
        var waiting = await ada.SubmitAsync("""{"type":"test.later"}""");
        await boss.SayAsync("DELETE", $"jobs/{waiting}").ProblemAsync(409, "job_active");

        var id = (await ada.RunAsync("""{"type":"test.echo"}""")).Text("id");
        Assert.Equal(HttpStatusCode.NoContent, (await boss.SayAsync("DELETE", $"jobs/{id}?tombstone=false")).StatusCode);
        await boss.SayAsync("DELETE", $"jobs/{id}").ProblemAsync(404, "not_found");
        await boss.SayAsync("DELETE", $"jobs/{waiting}?tombstone=no").ProblemAsync(400, "invalid_request");
    }

    [Fact]
    public async Task A_bulk_action_is_a_job_with_a_frozen_filter()
    {
        var boss = server.As("boss");
        var answer = await boss.PostAsync("jobs/bulk-cancel", """{"filter":"status:queued created:<2h","reason":"clean-up"}""");
        var job = await answer.JsonAsync();
        var input = BulkJob.Parse(await (await boss.FetchAsync($"jobs/{job.Text("id")}/input")).Content.ReadAsByteArrayAsync());

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("system.bulk", job.Text("type"));
        Assert.Equal((BulkAction.Cancel, "boss", "clean-up", true), (input.Action, input.Subject, input.Reason, input.SeesAll));
        Assert.Matches(@"^status:queued created:>=\S+Z$", input.Filter);
        var problem = await boss.PostAsync("jobs/bulk-retry", """{"filter":"status:canceld"}""").ProblemAsync(400, "invalid_request");
        Assert.Contains("Column 8", problem.Text("detail"), StringComparison.Ordinal);
        await ada.PostAsync("jobs/bulk-delete", """{"filter":""}""").ProblemAsync(403, "insufficient_scope");
    }
}
