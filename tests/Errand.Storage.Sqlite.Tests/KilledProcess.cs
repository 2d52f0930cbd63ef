namespace Errand.Storage.Sqlite.Tests;

/// <summary>
/// What this executable does when <see cref="KillTests"/> starts it a second time: submits, claims and settles until it is killed, and
/// prints each id after the store has acknowledged it.
/// </summary>
internal static class KilledProcess
{
    public const string Argument = "run-until-killed";

    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Lock Gate = new();

    public static async Task RunAsync(string folder)
    {
        await using var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = folder });
        await storage.Schema.MigrateAsync(Noon, default);
        var bench = await Workbench.OpenAsync(storage, Noon);
        var submitters = Enumerable.Range(0, 4).Select(_ => Task.Run(() => SubmitAsync(storage, bench)));
        await Task.WhenAll([.. submitters, Task.Run(() => ExecuteAsync(bench))]);
    }

    private static async Task SubmitAsync(SqliteStorage storage, Workbench bench)
    {
        while (true)
        {
            var jobs = new[] { bench.Job(inputBytes: 300), bench.Job() };
            await storage.Jobs.SubmitAsync(new JobBatch(jobs, Atomic: true, Idempotency: null, Noon), default);
            foreach (var job in jobs) Print('+', job.Head.Id);
        }
    }

    private static async Task ExecuteAsync(Workbench bench)
    {
        while (true)
        {
            var claimed = await bench.ClaimAsync(20);
            await bench.SettleAsync(claimed);
            foreach (var job in claimed.Jobs) Print('-', job.Head.Id);
        }
    }

    private static void Print(char deed, JobId id)
    {
        lock (Gate)
        {
            Console.Out.Write($"{deed}{id}\n");
            Console.Out.Flush();
        }
    }
}
