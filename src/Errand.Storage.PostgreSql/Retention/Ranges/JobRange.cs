using System.Globalization;

namespace Errand.Storage.PostgreSql;

/// <summary>Jobs from one sequence to another, whose wide rows lie together in a part of each table of <see cref="Tables"/>.</summary>
/// <param name="First">The first; <see cref="Old"/> for what was there before there were ranges.</param>
/// <param name="Until">The first that is not in it.</param>
/// <param name="OpenedAt">When the sequence was seen in it.</param>
/// <param name="FilledAt">When the sequence was seen beyond.</param>
/// <param name="LeftAt">When retention first left rows lying in it.</param>
/// <param name="ByRow">Retention deletes row by row, and does not wait for the range to be dropped.</param>
/// <param name="Swept">What had been left lying is deleted too.</param>
internal sealed record JobRange(
    long First, long Until, DateTimeOffset? OpenedAt = null, DateTimeOffset? FilledAt = null, DateTimeOffset? LeftAt = null, bool ByRow = false, bool Swept = false)
{
    public const long Old = long.MinValue;

    /// <summary>The tables that lie in ranges, by the job: what is wide, written once or in great number, and goes with its job.</summary>
    public static readonly IReadOnlyList<string> Tables = ["job_inputs", "job_results", "job_messages", "job_items"];

    public long Width => Until - First;

    public bool Contains(long sequence) => sequence >= First && sequence < Until;

    /// <summary>A statement of <c>parts.sql</c> on one table and on its part for this range.</summary>
    public Sql On(Sql statement, string table) => statement.Filled(
        ("job_whole_7", $"{table}_{(First == Old ? "old" : First.ToString(CultureInfo.InvariantCulture))}"),
        ("job_whole", table),
        ("FROM (7)", string.Create(CultureInfo.InvariantCulture, $"FROM ({First})")),
        ("TO (8)", string.Create(CultureInfo.InvariantCulture, $"TO ({Until})")),
        ("job < 8", string.Create(CultureInfo.InvariantCulture, $"job < {Until}")));

    public static JobRange Read(Row row) =>
        new(row.Int64(), row.Int64(), row.TimeOrNull(), row.TimeOrNull(), row.TimeOrNull(), row.Bool(), row.Bool());
}
