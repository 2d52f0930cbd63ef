using System.Text.Json;

namespace Errand.Cli.Tests;

public sealed class WatchTests(TestServer server)
{
    [Fact]
    public async Task A_pipe_gets_a_plain_line_per_change()
    {
        var ran = await server.RunAsync("watch", await server.SubmitAsync("t.ok"));
        Assert.Equal(0, ran.Code);
        Assert.EndsWith("t.ok  succeeded", ran.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', ran.Out);
        Assert.Empty(ran.Error);
    }

    [Fact]
    public async Task A_screen_gets_a_moving_bar_beside_the_data()
    {
        var ran = await server.RunOnScreenAsync("watch", await server.SubmitAsync("t.partial"));
        Assert.Equal(7, ran.Code);
        Assert.Empty(ran.Out);
        Assert.Contains("1 of 3 items failed", ran.Error, StringComparison.Ordinal);
        Assert.Contains("100%", ran.Error, StringComparison.Ordinal);
        Assert.Contains('\e', ran.Error);
    }

    [Fact]
    public async Task A_program_gets_every_event_as_a_line_of_JSON_ending_with_the_end()
    {
        var ran = await server.RunAsync("watch", await server.SubmitAsync("t.ok"), "-o", "jsonl");
        var last = JsonDocument.Parse(ran.Lines[^1]).RootElement;
        Assert.Equal("job.succeeded", last.GetProperty("kind").GetString());
        Assert.True(last.GetProperty("job").GetProperty("done").GetBoolean());
    }

    [Fact]
    public async Task A_finished_job_is_shown_at_once()
    {
        var id = await server.FinishAsync("t.ok");
        Assert.Contains("succeeded", Assert.Single((await server.RunAsync("watch", id)).Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_any_ends_with_the_first()
    {
        var idle = await server.SubmitAsync("t.idle");
        var quick = await server.SubmitAsync("t.ok");
        var ran = await server.RunAsync("wait", idle, quick, "--any", "-o", "id");
        Assert.Equal(quick, ran.Out.Trim());
        Assert.Equal(0, ran.Code);
    }

    [Fact]
    public async Task The_log_is_followed_to_the_end()
    {
        var ran = await server.RunAsync("logs", await server.SubmitAsync("t.partial"), "-f");
        Assert.Contains("warning  b failed", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_filtered_by_severity()
    {
        var id = await server.FinishAsync("t.fail");
        Assert.Equal("broken", (await server.RunAsync("logs", id, "--level", "warning", "-o", "json")).Json.GetProperty("text")
            .GetString());
        Assert.Empty((await server.RunAsync("logs", id, "--level", "error")).Out);
    }
}
