using System.Globalization;

namespace Errand.Peers.Bench;

/// <summary>One thing that Errand is to reach, and what it reached; <see cref="Reached"/> is null where that was not measured.</summary>
internal sealed record Aim(string Store, string Work, string Beside, double Goal, bool AtMost, Middle? Reached, string Unit)
{
    public string Verdict => Reached is null ? "not measured" : (AtMost ? Reached.Median <= Goal : Reached.Median >= Goal) ? "met" : "not met";

    public string GoalText => string.Create(CultureInfo.InvariantCulture, $"{(AtMost ? "≤" : "≥")} {Goal:0.##}{Unit}");

    public string ReachedText => Reached is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{Reached.Median:0.00}{Unit} ({Reached.Least:0.00}–{Reached.Most:0.00})");
}

/// <summary>Every aim for which this bench has the figures. Each ratio is taken within a round, and the middle of the rounds counts.</summary>
internal static class Aims
{
    private static readonly string[] Peers = [.. Part.All.Where(part => !part.IsErrand && !part.IsLimit).Select(part => part.Name)];

    public static IReadOnlyList<Aim> Of(Summary summary) =>
    [
        .. Each(summary, "SQLite", "errand-sqlite", "raw-sqlite", execute: 0.66, bulk: 0.7, single16: 3, single64: 5, "raw one-row transaction"),
        Against(summary, "SQLite", "errand-sqlite", "execute", 2, "the best peer of the round", (round, _) => Peers.Max(peer => summary.Rate(peer, "execute", round))),
        .. Starts(summary, "SQLite", "errand-sqlite", p50: 1, p99: 4, "bullmq", "BullMQ"),
        .. Each(summary, "PostgreSQL", "errand-postgresql", "raw-postgresql", execute: 0.66, bulk: 0.8, single16: 1.5, single64: 2.5, "raw single INSERT on 16 connections"),
        Against(summary, "PostgreSQL", "errand-postgresql", "execute", 2, "graphile-worker", (round, work) => summary.Rate("graphile-worker", work, round)),
        Against(summary, "PostgreSQL", "errand-postgresql", "bulk", 2.5, "pg-boss", (round, work) => summary.Rate("pg-boss", work, round)),
        .. Starts(summary, "PostgreSQL", "errand-postgresql", p50: 2, p99: 6, "graphile-worker", "graphile-worker"),
    ];

    private static IEnumerable<Aim> Each(Summary summary, string store, string mine, string raw, double execute, double bulk, double single16, double single64, string single)
    {
        double? Raw(int round, string work) => summary.Rate(raw, work.StartsWith("single", StringComparison.Ordinal) ? "single" : work, round);
        yield return Against(summary, store, mine, "execute", execute, "raw claim and completion", Raw);
        yield return Against(summary, store, mine, "bulk", bulk, store == "SQLite" ? "raw insert, 1,000 a transaction" : "raw COPY, 1,000 a call", Raw);
        yield return Against(summary, store, mine, "single16", single16, single, Raw);
        yield return Against(summary, store, mine, "single64", single64, single, Raw);
    }

    private static Aim Against(Summary summary, string store, string mine, string work, double goal, string beside, Func<int, string, double?> other) =>
        new(store, Works.Titles[work], beside, goal, AtMost: false, summary.Ratio(round => summary.Rate(mine, work, round), round => other(round, work)), " ×");

    private static IEnumerable<Aim> Starts(Summary summary, string store, string mine, double p50, double p99, string peer, string title)
    {
        yield return new Aim(store, "submit to start, idle, p50", "", p50, AtMost: true, summary.P50(mine), " ms");
        yield return new Aim(store, "submit to start, idle, p99", "", p99, AtMost: true, summary.P99(mine), " ms");
        yield return new Aim(store, "submit to start, idle, p50", title, 1, AtMost: true, summary.Ratio(round => summary.P50(mine, round), round => summary.P50(peer, round)), " ×");
    }
}

/// <summary>What the workloads are called.</summary>
internal static class Works
{
    public static readonly IReadOnlyDictionary<string, string> Titles = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bulk"] = "bulk submit, 1,000 a call",
        ["single16"] = "single submits, 16 callers",
        ["single64"] = "single submits, 64 callers",
        ["execute"] = "execute queued no-op jobs",
    };
}
