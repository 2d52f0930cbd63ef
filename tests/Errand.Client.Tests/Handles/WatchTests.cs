using System.Net;

namespace Errand.Client.Tests;

public sealed class WatchTests : Scripted
{
    [Fact]
    public async Task A_proxy_that_cuts_every_stream_ends_in_polling()
    {
        for (var i = 0; i < 3; i++) Server.Answer(HttpStatusCode.OK, ": ok\n\n", "text/event-stream");
        Server.Answer(HttpStatusCode.OK, Body("running"), headers: ("ETag", "\"2.0\"")).Answer(HttpStatusCode.OK, Body("succeeded"), headers: ("ETag", "\"3.0\""));
        Assert.Equal(["running", "succeeded"], await PatientlyAsync(StatusesAsync()));
        Assert.Equal(3, Server.Asked.Count(asked => asked.Contains("/events", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_without_room_for_streams_is_polled_at_its_pace()
    {
        Server.Answer(HttpStatusCode.TooManyRequests, headers: ("Retry-After", "30"))
            .Answer(HttpStatusCode.TooManyRequests, headers: ("Retry-After", "5"))
            .Answer(HttpStatusCode.OK, Body("succeeded"));
        var watching = StatusesAsync();
        Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, Server.Asked.Count);
        Assert.Equal(["succeeded"], await PatientlyAsync(watching));
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_left_and_resumed()
    {
        Server.Answer(HttpStatusCode.OK, new SilentAfter(Event("1.0", "running")), "text/event-stream")
            .Answer(HttpStatusCode.OK, Event("3.0", "succeeded"), "text/event-stream");
        Assert.Equal(["running", "succeeded"], await PatientlyAsync(StatusesAsync(), 5));
        Assert.EndsWith("Last-Event-ID=1.0", Server.Asked[^1], StringComparison.Ordinal);
    }

    private async Task<string[]> StatusesAsync() => await Jobs.Get("a").WatchAsync().Select(e => e.Job.Status.Word()).ToArrayAsync();

    private static string Event(string revision, string status) =>
        $$"""
        id: {{revision}}
        event: job.snapshot
        data: {"kind":"job.snapshot","revision":"{{revision}}","time":"2026-11-22T08:00:00Z","job":{{Body(status)}}}


        """;
}
