using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Errand.AspNetCore.Tests;

public sealed class WatchTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient ada = server.As();

    [Fact]
    public async Task A_stream_begins_at_once_with_a_snapshot_and_ends_after_the_last_event()
    {
        var id = JobId.Parse(await ada.SubmitAsync("""{"type":"test.hold"}"""));
        await server.Handlers.StartedAsync(id);
        var answer = await ada.FetchAsync($"jobs/{id}/events");
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("no", answer.Header("X-Accel-Buffering"));

        using var events = new EventReader(answer);
        var first = (await events.NextAsync())!;
        Assert.Equal("ok", first.Comment);
        Assert.InRange(first.Retry!.Value, 2400, 3600);
        var snapshot = (await events.NextAsync())!;
        Assert.Equal("job.snapshot", snapshot.Kind);
        Assert.Equal(id.ToString(), snapshot.Data!["job"]!.Text("id"));
        Assert.Equal(snapshot.Id, snapshot.Data.Text("revision"));

        server.Handlers.Release(id);
        var last = await events.NextAsync("job.succeeded");
        Assert.True((bool)last.Data!["job"]!["done"]!);
        Assert.Null(await events.NextAsync());
        Assert.Equal((await ada.FetchAsync($"jobs/{id}")).Header("ETag"), $"\"{last.Id}\"");
    }

    [Fact]
    public async Task After_the_last_event_there_is_nothing_to_reconnect_for()
    {
        var id = (await ada.RunAsync("""{"type":"test.echo","input":{}}""")).Text("id");
        using var events = new EventReader(await ada.FetchAsync($"jobs/{id}/events"));
        await events.NextAsync();
        var last = (await events.NextAsync())!;

        Assert.Null(await events.NextAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await ada.FetchAsync($"jobs/{id}/events", ("Last-Event-ID", last.Id!))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await ada.FetchAsync($"jobs/{id}/events?after={last.Id}")).StatusCode);
    }

    [Fact]
    public async Task A_reader_that_has_seen_everything_gets_only_what_follows()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var seen = (await ada.FetchAsync($"jobs/{id}")).Header("ETag")!.Trim('"');
        using var events = new EventReader(await ada.FetchAsync($"jobs/{id}/events", ("Last-Event-ID", seen)));
        Assert.Equal("ok", (await events.NextAsync())!.Comment);
        await ada.SayAsync("POST", $"jobs/{id}/cancel");

        var next = (await events.NextAsync())!;
        Assert.Equal("canceled", next.Data!["job"]!.Text("status"));
        Assert.NotEqual(seen, next.Id);
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task A_reader_that_is_behind_gets_a_snapshot()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var seen = (await ada.FetchAsync($"jobs/{id}")).Header("ETag")!.Trim('"');
        await ada.SayAsync("PATCH", $"jobs/{id}", """{"priority":9}""", "application/merge-patch+json");
        foreach (var cursor in (string[])[seen, "99.99", "nonsense"])
        {
            using var events = new EventReader(await ada.FetchAsync($"jobs/{id}/events", ("Last-Event-ID", cursor)));
            await events.NextAsync();
            Assert.Equal("job.snapshot", (await events.NextAsync())!.Kind);
        }
    }

    [Fact]
    public async Task Followers_of_one_job_are_told_the_same_each_with_the_addresses_by_which_it_came()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        using var here = new EventReader(await ada.FetchAsync($"jobs/{id}/events"));
        using var elsewhere = new EventReader(await ada.FetchAsync($"jobs/{id}/events", ("Host", "jobs.example")));
        using var again = new EventReader(await ada.FetchAsync($"jobs/{id}/events"));
        await ada.SayAsync("POST", $"jobs/{id}/cancel");

        foreach (var kind in (string[])["job.snapshot", "job.canceled"])
        {
            var (first, second, third) = (await here.NextAsync(kind), await elsewhere.NextAsync(kind), await again.NextAsync(kind));
            var self = first.Data!["job"]!["links"]!.Text("self");
            Assert.Equal(self, third.Data!["job"]!["links"]!.Text("self"));
            Assert.Equal("http://jobs.example" + new Uri(self).AbsolutePath, second.Data!["job"]!["links"]!.Text("self"));
            Assert.Equal(first.Id, second.Id);
            Assert.Equal(first.Data["job"]!.Text("status"), second.Data["job"]!.Text("status"));
        }
    }

    [Fact]
    public async Task Only_an_administrator_is_told_the_stack_trace_of_a_failure_that_both_follow()
    {
        var id = await ada.SubmitAsync("""{"type":"test.fail"}""");
        using var bosses = new EventReader(await server.As("boss").FetchAsync($"jobs/{id}/events"));
        using var adas = new EventReader(await ada.FetchAsync($"jobs/{id}/events"));
        using var bossesAgain = new EventReader(await server.As("boss").FetchAsync($"jobs/{id}/events"));
        foreach (var (events, sees) in new[] { (bosses, true), (adas, false), (bossesAgain, true) })
        {
            JsonNode? last = null;
            while (await events.NextAsync() is { } block) last = block.Data ?? last;
            Assert.Equal("failed", last!["job"]!.Text("status"));
            Assert.Equal(sees, last["job"]!["error"]!["stack"] is not null);
        }
    }

    [Fact]
    public async Task The_tenant_stream_shows_what_one_may_see_and_asked_for()
    {
        using var mine = new EventReader(await ada.FetchAsync("events?type=test.echo"));
        using var theirs = new EventReader(await server.As("boss").FetchAsync("events?type=test.echo"));
        await mine.NextAsync();
        await theirs.NextAsync();
        await server.As("eve").RunAsync("""{"type":"test.echo","input":"eve"}""");
        var bobs = (await server.As("bob").RunAsync("""{"type":"test.echo","input":"bob"}""")).Text("id");
        await ada.RunAsync("""{"type":"test.big"}""");
        var adas = (await ada.RunAsync("""{"type":"test.echo","input":"ada"}""")).Text("id");

        Assert.Equal(adas, (await mine.NextAsync("job.succeeded")).Data!["job"]!.Text("id"));
        Assert.Equal(bobs, (await theirs.NextAsync("job.succeeded")).Data!["job"]!.Text("id"));
        Assert.Equal(adas, (await theirs.NextAsync("job.succeeded")).Data!["job"]!.Text("id"));
    }

    [Fact]
    public async Task A_ticket_opens_one_stream_in_place_of_a_token()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later"}""");
        var ticket = (await ada.SayAsync("POST", "event-tickets").JsonAsync(HttpStatusCode.Created)).Text("ticket");
        var nobody = server.As(null);
        using (var events = new EventReader(await nobody.FetchAsync($"jobs/{id}/events?ticket={ticket}"))) Assert.NotNull(await events.NextAsync());

        await nobody.FetchAsync($"jobs/{id}/events?ticket={ticket}").ProblemAsync(401, "unauthenticated");
        await nobody.FetchAsync($"jobs/{id}?ticket={ticket}").ProblemAsync(401, "unauthenticated");
        await ada.FetchAsync($"jobs/{id}?ticket=x").ProblemAsync(400, "unknown_parameter");
        var foreign = (await server.As("bob").SayAsync("POST", "event-tickets").JsonAsync(HttpStatusCode.Created)).Text("ticket");
        await nobody.FetchAsync($"jobs/{id}/events?ticket={foreign}").ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task A_ticket_ends_after_a_minute_and_an_idle_stream_shows_that_it_lives()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var host = await ApiServer.StartAsync(new ApiServer { Time = time, WithWorker = false });
        var client = host.As();
        var id = await client.SubmitAsync("""{"type":"test.later"}""");
        var ticket = (await client.SayAsync("POST", "event-tickets").JsonAsync(HttpStatusCode.Created)).Text("ticket");
        using var events = new EventReader(await client.FetchAsync($"jobs/{id}/events"));
        await events.NextAsync();
        await events.NextAsync();

        var comment = events.NextAsync();
        while (!comment.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.Equal("", (await comment)!.Comment);
        time.Advance(TimeSpan.FromSeconds(61));
        await host.As(null).FetchAsync($"jobs/{id}/events?ticket={ticket}").ProblemAsync(401, "unauthenticated");
    }

    [Fact]
    public async Task A_revoked_token_ends_its_open_streams()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var host = await ApiServer.StartAsync(new ApiServer { Time = time, WithWorker = false });
        var id = await host.As().SubmitAsync("""{"type":"test.later"}""");
        using var events = new EventReader(await host.As().FetchAsync($"jobs/{id}/events"));
        await events.NextAsync();
        await events.NextAsync();
        await host.Tokens.RevokeAsync(host.TokenOf("ada").Split('_')[1]);

        var end = events.NextAsync();
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        Assert.Null(await end);
    }

    [Fact]
    public async Task A_caller_holds_only_so_many_streams_open()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer { WithWorker = false, Configure = o => o.StreamsPerCallerMax = 2 });
        var client = host.As();
        using var first = await client.FetchAsync("events");
        using var second = await client.FetchAsync("events");

        var problem = await client.FetchAsync("events").ProblemAsync(429, "quota_exceeded");
        Assert.Equal("streams", (string)problem["violated-policies"]![0]!);
        Assert.Equal("https://iana.org/assignments/http-problem-types#quota-exceeded", problem.Text("type"));
        Assert.Equal(HttpStatusCode.OK, (await host.As("bob").FetchAsync("events")).StatusCode);
    }

    [Fact]
    public async Task An_open_stream_does_not_hold_up_the_shutdown()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer { WithWorker = false });
        using var events = new EventReader(await host.As().FetchAsync("events"));
        await events.NextAsync();
        await host.App.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Null(await events.NextAsync());
    }
}
