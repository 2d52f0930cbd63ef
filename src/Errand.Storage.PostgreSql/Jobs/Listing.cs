namespace Errand.Storage.PostgreSql;

/// <summary>
/// Pages of lists. Walks the index that fits the filter best, looks at a few columns of each row, and reads in full only what belongs on
/// the page. It stops after a bounded number of rows, wherever that is.
/// </summary>
internal sealed class Listing(Database database)
{
    private const int RowsAtMost = 5_000;

    private static readonly Sql ReadJobs = Sql.Of("list", "read");
    private static readonly Sql FindLabelled = Sql.Of("list", "labelled");

    private readonly Horizon _horizon = new();

    public async ValueTask<JobPage> ReadAsync(JobQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await database.Fence.PassAsync();
        var source = ListingSource.For(query);
        var horizon = source is { IsDescending: false, IsByFinish: false } ? await _horizon.ReadAsync(database) : long.MaxValue;
        var (found, last, scanned) = (new List<long>(), query.After, 0);
        while (true)
        {
            var slice = Math.Min(RowsAtMost - scanned, Math.Max(query.Limit + 1, scanned == 0 ? 0 : 1_000));
            var rows = await ScanAsync(source, last, slice);
            var decided = rows.FindAll(row => row.Sequence <= horizon);
            var matching = await MatchAsync(query, decided);
            foreach (var row in decided)
            {
                if (matching.Contains(row.Sequence))
                {
                    if (found.Count == query.Limit) return new JobPage(await ReadInFullAsync(found), last);
                    found.Add(row.Sequence);
                }

                // A full page ends at its last job: what lies behind may match.
                if (found.Count < query.Limit || matching.Contains(row.Sequence)) last = source.CursorAt(row);
            }

            scanned += rows.Count;
            if (rows.Count < slice || decided.Count < rows.Count) return new JobPage(await ReadInFullAsync(found), null);
            if (scanned >= RowsAtMost) return new JobPage(await ReadInFullAsync(found), last);
        }
    }

    private async ValueTask<List<ListingRow>> ScanAsync(ListingSource source, JobCursor? after, int rows) =>
        await database.ReadAsync(batch => source.Add(batch, after, rows), results => results.ListAsync(ListingRow.Read));

    private async ValueTask<HashSet<long>> MatchAsync(JobQuery query, List<ListingRow> rows)
    {
        var matching = rows.FindAll(row => row.Matches(query)).Select(row => row.Sequence).ToHashSet();
        var owned = LabelRows.Of(query.Filter).ToList();
        if (matching.Count == 0 || owned.Count == 0) return matching;
        foreach (var (key, value) in owned)
        {
            var wanted = matching.ToList();
            matching.IntersectWith(await database.ReadAsync(
                batch => batch.Add(FindLabelled).With(query.Tenant).With(key).With(value).With(wanted), results => results.ListAsync(row => row.Int64())));
        }

        return matching;
    }

    private async ValueTask<IReadOnlyList<Job>> ReadInFullAsync(List<long> sequences)
    {
        if (sequences.Count == 0) return [];
        var jobs = await database.ReadAsync(batch => batch.Add(ReadJobs).With(sequences), results => results.ListAsync(JobRow.Read));
        var bySequence = jobs.ToDictionary(job => job.Head.Sequence);

        // What was purged since the scan has no place on the page any more.
        return [.. sequences.Where(bySequence.ContainsKey).Select(sequence => bySequence[sequence])];
    }
}
