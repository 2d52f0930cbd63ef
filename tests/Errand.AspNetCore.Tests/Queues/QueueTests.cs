using System.Net;

namespace Errand.AspNetCore.Tests;

public sealed class QueueTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Patch = "application/merge-patch+json";

    private readonly HttpClient ada = server.As();
    private readonly HttpClient boss = server.As("boss");

    [Fact]
    public async Task A_queue_is_paused_limited_and_resumed()
    {
        var paused = await boss.SayAsync("PATCH", "queues/later", """{"paused":true,"maxConcurrency":2,"rate":0.5}""", Patch).JsonAsync(HttpStatusCode.OK);
        Assert.True((bool)paused["paused"]!);
        Assert.Equal(2, (int)paused["maxConcurrency"]!);

        var resumed = await boss.SayAsync("PATCH", "queues/later", """{"paused":false,"rate":null}""", Patch).JsonAsync(HttpStatusCode.OK);
        Assert.False((bool)resumed["paused"]!);
        Assert.Equal(2, (int)resumed["maxConcurrency"]!);
        Assert.Null(resumed["rate"]);
        Assert.Equal(2, (int)(await ada.FetchAsync("queues/later").JsonAsync(HttpStatusCode.OK))["maxConcurrency"]!);
    }

    [Fact]
    public async Task Queues_are_listed_with_the_tenants_own_counts()
    {
        await ada.SubmitAsync("""{"type":"test.later","queue":"counted"}""");

        Assert.Equal(1, (int)(await ada.FetchAsync("queues/counted").JsonAsync(HttpStatusCode.OK))["queued"]!);
        var list = await server.As("eve").FetchAsync("queues").JsonAsync(HttpStatusCode.OK);
        Assert.DoesNotContain(list["items"]!.AsArray(), q => q!.Text("name") == "counted" && (long)q!["queued"]! > 0);
    }

    [Theory]
    [InlineData("""{"maxConcurrency":0}""", "#/maxConcurrency")]
    [InlineData("""{"rate":0}""", "#/rate")]
    [InlineData("""{"pause":true}""", "#/pause")]
    [InlineData("""{"paused":"yes"}""", "#/paused")]
    public async Task A_bad_setting_names_its_member(string patch, string pointer)
    {
        var problem = await boss.SayAsync("PATCH", "queues/later", patch, Patch).ProblemAsync(400, "invalid_request");

        Assert.Equal(pointer, problem["errors"]![0]!.Text("pointer"));
    }

    [Fact]
    public async Task Unknown_queues_and_types_are_404()
    {
        await ada.FetchAsync("queues/none").ProblemAsync(404, "not_found");
        await boss.SayAsync("PATCH", "queues/Not-A-Name", """{"paused":true}""", Patch).ProblemAsync(404, "not_found");
        await ada.FetchAsync("job-types/none").ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Types_are_listed_without_internal_ones()
    {
        var types = (await ada.FetchAsync("job-types").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray();
        Assert.Contains(types, t => t!.Text("name") == "test.echo" && (int)t!["workers"]! == 1);
        Assert.DoesNotContain(types, t => t!.Text("name") == "system.bulk");

        var type = await ada.FetchAsync("job-types/test.later").JsonAsync(HttpStatusCode.OK);
        Assert.Equal("Runs elsewhere.", type.Text("description"));
        Assert.Equal("later", type.Text("queue"));
    }

    [Fact]
    public async Task Stats_count_the_tenants_jobs_only()
    {
        await server.As("eve").SubmitAsync("""{"type":"test.later","queue":"spectre"}""");
        var hers = await server.As("eve").FetchAsync("stats").JsonAsync(HttpStatusCode.OK);
        var his = await ada.FetchAsync("stats").JsonAsync(HttpStatusCode.OK);

        Assert.True((long)hers["jobs"]!["queued"]! >= 1);
        Assert.Contains(hers["lanes"]!.AsArray(), l => l!.Text("queue") == "spectre" && l!.Text("status") == "queued");
        Assert.DoesNotContain(his["lanes"]!.AsArray(), l => l!.Text("queue") == "spectre");
        Assert.Equal(1, (int)his["workers"]!);
    }
}
