using System.Diagnostics;
using System.Text.Json;

namespace Errand.EndToEnd.Tests;

/// <summary>The command itself, for a few seconds on each store. See docs/operating/torture.md.</summary>
public sealed class TortureTests(ITestOutputHelper output)
{
    private const string Minutes = "0.2";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public Task Torture_on_sqlite_loses_nothing() => TortureAsync("--storage", "sqlite");

    [Fact]
    public async Task Torture_of_two_nodes_on_postgresql_loses_nothing()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("ERRAND_TESTS") == "long", "takes a minute: ERRAND_TESTS=long");
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "needs PostgreSQL's server: the run starts and kills one of its own");
        await TortureAsync("--storage", "postgresql", "--nodes", "2");
    }

    [Theory]
    [InlineData("--minutes 0", "--minutes takes a number above 0")]
    [InlineData("--nodes 2", "--storage postgresql")]
    [InlineData("--storage oracle", "--storage takes sqlite, postgresql, or postgresql:CONNECTION")]
    public async Task What_cannot_be_done_is_refused_with_the_fix(string arguments, string fix)
    {
        var (code, said, error) = await ErrandProcess.RunAsync(["torture", .. arguments.Split(' ')]);
        Assert.Equal(2, code);
        Assert.Equal("", said);
        Assert.Contains(fix, error, StringComparison.Ordinal);
    }

    private async Task TortureAsync(params string[] arguments)
    {
        using var torture = Process.Start(new ProcessStartInfo(ErrandProcess.Executable, ["torture", "--minutes", Minutes, "-o", "json", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var (said, told) = (torture.StandardOutput.ReadToEndAsync(), torture.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await torture.WaitForExitAsync(patience.Token);
        output.WriteLine(await told);
        Assert.True(torture.ExitCode == 0, $"errand torture ended with {torture.ExitCode}:\n{await said}\n{await told}");

        var report = JsonDocument.Parse(await said).RootElement;
        int Number(string name) => report.GetProperty(name).GetInt32();
        Console.WriteLine($"Torture: {string.Join(' ', arguments)}, seed {Number("seed")}: {Number("acknowledged")} acknowledged, {Number("lost")} lost, {Number("settledTwice")} settled twice, {Number("runTwice")} run twice");
        Assert.Equal(0, Number("lost") + Number("settledTwice") + Number("notLinearizable") + Number("itemsWrong") + Number("outputsTorn") + Number("resultsForeign"));
        Assert.Equal(Number("submitted"), Number("acknowledged"));
        Assert.True(Number("acknowledged") > 20, "the load must be real");
        Assert.True(report.GetProperty("faults").EnumerateObject().Sum(fault => fault.Value.GetInt32()) > 0, "the faults must be real");
    }
}
