namespace Errand.Cli.Tests;

public sealed class QueueTests(TestServer server)
{
    [Fact]
    public async Task A_paused_queue_gives_nothing_until_it_is_resumed()
    {
        Assert.Contains("paused", (await server.RunAsync("queue", "pause", "q-pause")).Out, StringComparison.Ordinal);
        var id = await server.SubmitAsync("t.ok", "--queue", "q-pause");
        Assert.Equal("paused_queue", (await server.RunAsync("why", id, "-o", "id")).Out.Trim());
        Assert.Equal(124, (await server.RunAsync("wait", id, "--timeout", "100ms")).Code);
        Assert.Contains("open", (await server.RunAsync("queue", "resume", "q-pause")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await server.RunAsync("wait", id, "--timeout", "30s")).Code);
    }

    [Fact]
    public async Task Limits_are_set_and_lifted()
    {
        var set = (await server.RunAsync("queue", "limit", "q-limit", "--concurrency", "4", "--rate", "2.5", "-o", "json")).Json;
        Assert.Equal(4, set.GetProperty("maxConcurrency").GetInt32());
        Assert.Equal(2.5, set.GetProperty("rate").GetDouble());
        var lifted = (await server.RunAsync("queue", "limit", "q-limit", "--concurrency", "0", "-o", "json")).Json;
        Assert.False(lifted.TryGetProperty("maxConcurrency", out _));
        Assert.Equal(2.5, lifted.GetProperty("rate").GetDouble());
        Assert.Contains("q-limit", (await server.RunAsync("queue", "list", "-o", "id")).Lines);
    }

    [Fact]
    public async Task A_limit_without_a_limit_is_a_wrong_command_line() =>
        Assert.Equal(2, (await server.RunAsync("queue", "limit", "q-none")).Code);
}
