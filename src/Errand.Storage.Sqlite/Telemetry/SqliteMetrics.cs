using System.Diagnostics.Metrics;

namespace Errand.Storage.Sqlite;

/// <summary>The writer's instruments. Two flag checks a commit while nobody listens.</summary>
internal static class SqliteMetrics
{
    private static readonly Meter Meter = new("Errand.Storage.Sqlite");

    private static readonly Histogram<int> Size = Meter.CreateHistogram(
        "errand.store.commit.size", "{operation}", "Operations that shared one commit.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500] });

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "errand.store.commit.duration", "s", "How long a transaction of the writer took, its flush included.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });

    private static readonly Counter<long> Failed = Meter.CreateCounter<long>(
        "errand.store.commit.failed", "{transaction}", "Transactions of the writer that were rolled back.");

    public static bool WantsCommits => Duration.Enabled || Size.Enabled;

    public static void Committed(int operations, TimeSpan took)
    {
        Size.Record(operations);
        Duration.Record(took.TotalSeconds);
    }

    public static void RolledBack() => Failed.Add(1);
}
