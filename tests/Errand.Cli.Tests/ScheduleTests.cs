namespace Errand.Cli.Tests;

public sealed class ScheduleTests(TestServer server)
{
    [Fact]
    public async Task A_schedule_is_set_run_paused_and_deleted()
    {
        var set = (await server.RunAsync("schedule", "set", "s-nightly", "--cron", "0 2 * * *", "--time-zone", "Europe/Berlin", "--type", "t.ok", "-o", "json")).Json;
        Assert.Equal("Europe/Berlin", set.GetProperty("timeZone").GetString());
        Assert.Contains("s-nightly", (await server.RunAsync("schedule", "list", "-o", "id")).Lines);
        Assert.Equal(3, (await server.RunAsync("schedule", "next", "s-nightly", "--count", "3")).Lines.Length);

        var job = (await server.RunAsync("schedule", "run", "s-nightly", "-o", "id")).Out.Trim();
        Assert.Equal(0, (await server.RunAsync("wait", job, "--timeout", "30s")).Code);
        Assert.Contains("paused", (await server.RunAsync("schedule", "pause", "s-nightly")).Out, StringComparison.Ordinal);
        Assert.Contains("open", (await server.RunAsync("schedule", "resume", "s-nightly")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await server.RunAsync("schedule", "delete", "s-nightly")).Code);
        Assert.Equal(5, (await server.RunAsync("schedule", "show", "s-nightly")).Code);
    }

    [Fact]
    public async Task A_schedule_without_times_is_a_wrong_command_line() =>
        Assert.Equal(2, (await server.RunAsync("schedule", "set", "s-none", "--type", "t.ok")).Code);
}
