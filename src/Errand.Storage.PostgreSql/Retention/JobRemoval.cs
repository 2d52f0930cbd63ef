namespace Errand.Storage.PostgreSql;

/// <summary>
/// Takes finished jobs out of view, with all that is small. What is wide goes with the range of the job, see <see cref="RangeEnd"/>, or row by row:
/// then lines and items, which may be a million rows, are left to <see cref="Leftovers"/>.
/// </summary>
internal static class JobRemoval
{
    private static readonly Sql InsertTombstones = Sql.Of("retention", "insert_tombstones");
    private static readonly Sql FreeBytes = Sql.Of("retention", "free_output_bytes");
    private static readonly Sql DeleteFormats = Sql.Of("retention", "delete_formats");
    private static readonly Sql DeleteUploads = Sql.Of("retention", "delete_uploads");
    private static readonly Sql Leave = Sql.Of("ranges", "leave");
    private static readonly Sql[] ByRow = Of("leave_over", "delete_results", "delete_inputs");
    private static readonly Sql[] Parts = Of(
        "count_off", "delete_upload_uses", "delete_item_counts", "delete_logs", "delete_labels", "delete_outputs", "delete_progress", "delete_attempts",
        "delete_details", "delete_finished", "delete_jobs");

    /// <summary>Removes jobs whose rows of <c>finished</c> the session holds locked, and commits.</summary>
    /// <param name="session">Holds the rows, and those of the ranges.</param>
    /// <param name="jobs">The jobs.</param>
    /// <param name="ranges">Where what is wide is left lying until the range is dropped.</param>
    /// <param name="tombstone">Whether it is to be known that they were there.</param>
    /// <param name="asOf">Now.</param>
    public static async ValueTask<Purged> RemoveAsync(Session session, IReadOnlyList<long> jobs, IReadOnlyList<JobRange> ranges, bool tombstone, DateTimeOffset asOf)
    {
        if (jobs.Count == 0) return new Purged(0, []);
        var batch = session.NewBatch();
        if (tombstone) batch.Add(InsertTombstones).With(jobs).With(asOf);
        batch.Add(FreeBytes).With(jobs);
        batch.Add(DeleteFormats).With(jobs);
        batch.Add(DeleteUploads).With(jobs);
        var byRow = jobs.Where(job => !ranges.Any(range => range.Contains(job))).ToList();
        if (byRow.Count < jobs.Count) batch.Add(Leave).With(jobs).With(asOf);
        foreach (var part in byRow.Count > 0 ? ByRow : []) batch.Add(part).With(byRow);
        foreach (var part in Parts) batch.Add(part).With(jobs);
        return await session.CommitAsync(batch, async results =>
        {
            var locations = await results.ListAsync(row => row.Text());
            locations.AddRange(await results.ListAsync(row => row.Text()));
            return new Purged(jobs.Count, locations);
        });
    }

    private static Sql[] Of(params string[] names) => Array.ConvertAll(names, name => Sql.Of("retention", name));
}
