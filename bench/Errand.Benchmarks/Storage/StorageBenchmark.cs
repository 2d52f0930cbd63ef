using System.Globalization;

namespace Errand.Benchmarks.Storage;

/// <summary>The SQLite store beside raw SQLite on the same schema, disk and run, with <c>synchronous=FULL</c>.</summary>
internal static class StorageBenchmark
{
    private const int SubmitsPerCall = 1_000;
    private const int ClaimsPerCall = 500;

    public static async Task RunAsync(string[] args)
    {
        var jobs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var folder = args.Length > 1 ? args[1] : Directory.CreateTempSubdirectory("errand-bench-").FullName;
        var figures = new Figures(TimeProvider.System);
        Console.WriteLine($"SQLite store, synchronous=FULL, {jobs} no-op jobs, in {folder}");

        // The first round warms the code and the disk; the second one counts.
        foreach (var round in new[] { "warm-up", "measured" })
        {
            Console.WriteLine($"-- {round}");
            await RoundAsync(jobs, Path.Combine(folder, round), figures);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task RoundAsync(int jobs, string folder, Figures figures)
    {
        Directory.CreateDirectory(folder);
        using var raw = new RawSqlite(Path.Combine(folder, "raw.db"));
        var rawInsert = await figures.MeasureAsync(jobs, () => Sync(() => raw.Insert(jobs, SubmitsPerCall)));
        var rawExecution = await figures.MeasureAsync(jobs, () => Sync(() => raw.ClaimAndFinish(jobs, ClaimsPerCall)));
        var singles = Math.Max(jobs / 20, 1_000);
        var rawSingle = await figures.MeasureAsync(singles, () => Sync(() => raw.Insert(singles, 1)));
        Figures.Print("raw insert, 1,000 a transaction", rawInsert);
        Figures.Print("raw claim 500 + finish 500", rawExecution);
        Figures.Print("raw insert, 1 a transaction", rawSingle);

        await using var store = new StoreUnderTest(Path.Combine(folder, "store"), TimeProvider.System);
        await store.OpenAsync();
        var bulk = await figures.MeasureAsync(jobs, () => store.SubmitAsync(jobs, SubmitsPerCall, callers: 2));
        Figures.Print("bulk submit, 1,000 a call, 2 callers", bulk, rawInsert);
        var execution = await figures.MeasureAsync(jobs, () => store.ClaimAndSettleAsync(ClaimsPerCall));
        Figures.Print("claim 500 + settle 500", execution, rawExecution);
        foreach (var callers in new[] { 1, 16, 64 })
        {
            var count = singles * Math.Min(callers, 16);
            var rate = await figures.MeasureAsync(count, () => store.SubmitAsync(count, perCall: 1, callers));
            Figures.Print($"single submit, {callers} callers", rate, rawSingle);
        }
    }

    private static Task Sync(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
