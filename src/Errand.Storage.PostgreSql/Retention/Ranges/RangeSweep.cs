namespace Errand.Storage.PostgreSql;

/// <summary>
/// Deletes what was left lying in ranges that some job outstays: a job that is due next year, or kept for long, must not keep the rows of a hundred thousand
/// others. From then on retention deletes from such a range row by row.
/// </summary>
internal sealed class RangeSweep(Database database)
{
    private const int JobsPerSlice = 1_000;

    private static readonly Sql GoByRow = Sql.Of("ranges", "go_by_row");
    private static readonly Sql Rows = Sql.Of("parts", "sweep");
    private static readonly Sql ManyRows = Sql.Of("parts", "sweep_many");
    private static readonly Sql Swept = Sql.Of("ranges", "swept");

    private readonly Leftovers _leftovers = new(database);

    public async ValueTask PassAsync(RangeState state, DateTimeOffset now)
    {
        foreach (var range in state.Ranges.Where(range => RangeRules.IsOverdue(range, now)))
        {
            await database.CommitAsync(batch => batch.Add(GoByRow).With(range.First));
        }

        foreach (var range in state.Ranges.Where(range => range is { ByRow: true, LeftAt: not null, Swept: false })) await SweepAsync(range);
    }

    private async ValueTask SweepAsync(JobRange range)
    {
        foreach (var table in JobRange.Tables)
        {
            // Of one job there may be a million of these: they go in slices of rows.
            var sweep = range.On(table is "job_items" or "job_messages" ? ManyRows : Rows, table);
            var from = (long?)(range.First - 1);
            while (from is { } after)
            {
                from = await database.CommitAsync(batch => batch.AddOnce(sweep).With(after).With(JobsPerSlice), results => results.FirstAsync(row => row.Int64OrNull()));
            }
        }

        await _leftovers.RemoveAsync();
        await database.CommitAsync(batch => batch.Add(Swept).With(range.First));
    }
}
