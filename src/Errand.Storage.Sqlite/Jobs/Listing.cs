namespace Errand.Storage.Sqlite;

/// <summary>
/// One page of a list. Walks the index that fits the filter best, looks at a few columns of each row, and reads in full only what
/// belongs on the page. It stops after a bounded number of rows, wherever that is.
/// </summary>
internal sealed class Listing(Connection db, Ledger names, JobQuery query)
{
    private const int RowsAtMost = 5_000;

    private static readonly Sql ReadJob = Sql.Of("list", "read");

    private readonly List<Job> _jobs = [];
    private JobCursor? _last;

    public JobPage Read()
    {
        if (!names.Tenants.TryFind(query.Tenant, out var tenant)) return new JobPage([], null);
        if (ListingSource.For(query, tenant, names) is not { } source) return new JobPage([], null);

        var lanes = new LanesWanted(names, query.Filter, tenant);
        if (!lanes.Exist) return new JobPage([], null);
        var (matcher, rows) = (new ListingMatcher(db, names, query, tenant, lanes), 0);
        foreach (var row in Rows(source, lanes, tenant))
        {
            if (rows++ == RowsAtMost) return new JobPage(_jobs, _last);
            if (!matcher.Matches(row))
            {
                if (_jobs.Count < query.Limit) _last = source.CursorAt(row);
                continue;
            }

            if (_jobs.Count == query.Limit) return new JobPage(_jobs, _last);
            _jobs.Add(ReadInFull(row.Sequence));
            _last = source.CursorAt(row);
        }

        return new JobPage(_jobs, null);
    }

    private IEnumerable<ListingRow> Rows(ListingSource source, LanesWanted lanes, int tenant) =>
        source.IsAlongLive && LiveJobs.Find(db, query, lanes) is { } few ? few.Rows(db, tenant) : source.Rows(db);

    private Job ReadInFull(long job)
    {
        using var read = db.Use(ReadJob);
        read.Bind(job).Step();
        return JobRow.Read(read, names);
    }
}
