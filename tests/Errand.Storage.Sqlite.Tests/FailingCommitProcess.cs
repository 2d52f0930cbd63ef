using System.Diagnostics;
using System.Globalization;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>
/// What this executable does when <see cref="FailingCommitTests"/> starts it: lets the system refuse what would make its files longer
/// (RLIMIT_FSIZE, of which SQLite hears in the middle of a commit), and prints what became of each submit. A process of its own, for the
/// limit holds for every file of a process.
/// </summary>
internal static class FailingCommitProcess
{
    public const string Argument = "run-with-a-commit-that-fails";

    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string folder)
    {
        await using var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = folder });
        await storage.Schema.MigrateAsync(Noon, default);
        var bench = await Workbench.OpenAsync(storage, Noon);
        var large = bench.Job(inputBytes: 1 << 20);
        await SubmitAsync("before", storage, bench.Job());

        // Room for some small commits, but not for the large one.
        var log = new FileInfo(Path.Combine(folder, "errand.db-wal")).Length;
        Limit((log + (256 << 10)).ToString(CultureInfo.InvariantCulture));
        await SubmitAsync("large", storage, large);
        await SubmitAsync("neighbour", storage, bench.Job());
        Limit("unlimited");
        Console.Out.WriteLine($"found {(await storage.Jobs.FindAsync(large.Head.Key, JobParts.Status, default)).Job is not null}");
        await SubmitAsync("large again", storage, large);
    }

    private static async Task SubmitAsync(string name, SqliteStorage storage, NewJob job)
    {
        try
        {
            var outcome = await storage.Jobs.SubmitAsync(new JobBatch([job], Atomic: true, Idempotency: null, Noon), default);
            Console.Out.WriteLine($"{name} {outcome.Jobs[0].Kind}");
        }
        catch (StorageException exception)
        {
            Console.Out.WriteLine($"{name} {exception.Fault}");
        }
    }

    private static void Limit(string bytes)
    {
        using var process = Process.Start("prlimit", [$"--pid={Environment.ProcessId}", $"--fsize={bytes}:"]);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"prlimit ended with {process.ExitCode}");
    }
}
