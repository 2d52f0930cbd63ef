namespace Errand.Storage.PostgreSql;

/// <summary>What there is of ranges, as one look saw it.</summary>
/// <param name="Last">The last sequence taken; 0 when none was.</param>
/// <param name="Ranges">In their order.</param>
/// <param name="Tables">In the order of <see cref="JobRange.Tables"/>.</param>
internal sealed record RangeState(long Last, IReadOnlyList<JobRange> Ranges, IReadOnlyList<RangedTable> Tables)
{
    private static readonly Sql Sequence = Sql.Of("ranges", "sequence");
    private static readonly Sql List = Sql.Of("ranges", "list");
    private static readonly Sql ListTables = Sql.Of("ranges", "tables");

    public static void Ask(Batch batch)
    {
        batch.Add(Sequence);
        batch.Add(List);
        batch.Add(ListTables).With(JobRange.Tables);
    }

    public static async ValueTask<RangeState> ReadAsync(Results results) => new(
        await results.FirstAsync(row => row.Int64() * (row.Bool() ? 1 : 0)),
        await results.ListAsync(JobRange.Read),
        await results.ListAsync(row => new RangedTable(row.Bool(), row.Int32(), row.Int64())));

    /// <summary>True once all tables lie in ranges.</summary>
    public bool IsRanged => Tables.All(table => table.IsRanged);

    /// <summary>How many ranges are ready beyond the one that new jobs go to.</summary>
    public int Ahead => Ranges.Count(range => range.First > Last);
}

/// <summary>A table that lies in ranges, or is to.</summary>
/// <param name="IsRanged">True when it does.</param>
/// <param name="Bound">1 when its rows are known to lie below the first range, 0 when new ones are kept there, -1 for neither.</param>
/// <param name="RestBytes">How much lies outside of any range.</param>
internal sealed record RangedTable(bool IsRanged, int Bound, long RestBytes);
