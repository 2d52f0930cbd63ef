namespace Errand.Cli.Tests;

public sealed class DevTests
{
    [Fact]
    public async Task It_prints_what_a_shell_needs_and_has_jobs_moving()
    {
        await using var served = await Served.StartAsync("dev", "--demo");
        var token = "";
        await Wait.UntilAsync(async () =>
        {
            // The greeting is printed before the first caller is told where it listens.
            token = served.Printed.Split("ERRAND_TOKEN=")[^1].Trim();
            return (await Ran.Async(["list", "--url", served.Url.ToString(), "--token", token, "-o", "id"])).Lines.Length == 4;
        });
        var stopped = await served.StopAsync();
        Assert.Equal(0, stopped.Code);
        Assert.Contains($"export ERRAND_URL={served.Url.GetLeftPart(UriPartial.Authority)}", stopped.Lines);
        Assert.Contains("Not for production", stopped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_folder_is_kept_and_another_is_not()
    {
        using var scratch = new Scratch();
        await using (await Served.StartAsync("dev", "--data", scratch.Folder("kept")))
        {
        }

        Assert.True(File.Exists(Path.Combine(scratch.Folder("kept"), "errand.db")));
    }
}
