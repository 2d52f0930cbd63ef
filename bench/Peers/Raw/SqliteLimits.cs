using Errand.Benchmarks.Storage;

namespace Errand.Peers.Raw;

/// <summary>What SQLite itself does with Errand's tables and indexes: one thread, prepared statements, <c>synchronous=FULL</c>.</summary>
internal static class SqliteLimits
{
    private const int PerClaim = 500;

    public static void Measure(string folder, Plan plan)
    {
        // A first round, in a file of its own, makes code and disk warm.
        using (var warm = new RawSqlite(Path.Combine(folder, "warm.db"), Contender.Argument)) Work(warm, plan.Jobs / 10, plan, print: false);
        using var raw = new RawSqlite(Path.Combine(folder, "raw.db"), Contender.Argument);
        Answers.About(RawSqlite.Version, [$"WAL, synchronous=FULL; claims and completions of {PerClaim} a transaction"]);
        Work(raw, plan.Jobs, plan, print: true);
    }

    private static void Work(RawSqlite raw, int jobs, Plan plan, bool print)
    {
        var singles = Math.Min(jobs / 20, plan.Singles);
        Time("single", singles, () => raw.Insert(singles, 1), print);
        var rest = (jobs - singles) / plan.PerCall * plan.PerCall;
        Time("bulk", rest, () => raw.Insert(rest, plan.PerCall), print);
        Time("execute", singles + rest, () => raw.ClaimAndFinish(singles + rest, PerClaim), print);
    }

    private static void Time(string work, int count, Action act, bool print)
    {
        GC.Collect();
        var began = TimeProvider.System.GetTimestamp();
        act();
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        if (print) Answers.Rate(work, count, seconds);
    }
}
