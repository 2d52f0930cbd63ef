using System.Diagnostics;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>A commit that fails on its way to the disk: nobody is told that it holds, and the writer goes on.</summary>
public sealed class FailingCommitTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_of_it_is_acknowledged_and_the_writer_goes_on()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "limiting the size of files needs prlimit of util-linux");

        var told = await RunAsync();

        Assert.Equal(
            ["before Created", "large OutcomeUnknown", "neighbour Created", "found False", "large again Created"], told);
        await using var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = _folder.Path });
        await storage.Schema.MigrateAsync(Noon, default);
        Assert.Equal(3, (await storage.Catalog.CountAsync("default", default)).Sum(count => count.Jobs));
    }

    /// <summary>The signal that comes with the limit is ignored, as it is to be in a server: the write fails instead.</summary>
    private async Task<List<string>> RunAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(FailingCommitTests).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", program, FailingCommitProcess.Argument, _folder.Path])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        List<string> lines = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line) lines.Add(line);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return lines;
    }
}
