using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;

namespace Errand.Handlers.Tests;

/// <summary>A program whose host is killed without a word: the kernel ends it, and the next start ends what it had started.</summary>
public sealed class CommandKillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("errand-kill-").FullName;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1), TimeProvider.System);

    private string WorkRoot => KilledHost.WorkRootOf(_folder);

    public void Dispose()
    {
        WorkFolder.Reap(WorkRoot, NullLogger.Instance);
        Directory.Delete(_folder, recursive: true);
        _limit.Dispose();
    }

    [Fact]
    public async Task A_program_dies_with_its_host_and_its_children_at_the_next_start()
    {
        Assert.SkipUnless(CommandLine.InPath("setpriv") is not null && CommandLine.InPath("setsid") is not null, "the tie needs setpriv and setsid of util-linux");
        File.WriteAllText(Path.Combine(_folder, "job.sh"), $"""
            sleep 300 &
            echo "$$ $!" > '{_folder}/pids.new'; mv '{_folder}/pids.new' '{_folder}/pids'
            while :; do wait; done
            """);
        var program = Path.Combine(AppContext.BaseDirectory, typeof(CommandKillTests).Assembly.GetName().Name!);
        using var host = Process.Start(new ProcessStartInfo(program, [KilledHost.Argument, _folder]))!;
        await UntilAsync(() => File.Exists(Path.Combine(_folder, "pids")));
        var mark = Path.GetFileName(Directory.EnumerateDirectories(WorkRoot).Single());
        var pids = File.ReadAllText(Path.Combine(_folder, "pids")).Split(' ').Select(pid => int.Parse(pid, CultureInfo.InvariantCulture)).ToList();
        Assert.Superset(pids.ToHashSet(), MarkedProcesses.Find(mark).ToHashSet());

        host.Kill();
        await host.WaitForExitAsync(_limit.Token);

        // Nothing of ours runs any more that could end it: only the kernel does.
        await UntilAsync(() => !MarkedProcesses.Find(mark).Contains(pids[0]));
        Assert.Equal(1, WorkFolder.Reap(WorkRoot, NullLogger.Instance));
        await UntilAsync(() => MarkedProcesses.Find(mark).Count == 0);
        Assert.Empty(Directory.EnumerateFileSystemEntries(WorkRoot));
    }

    private async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, _limit.Token);
    }
}
