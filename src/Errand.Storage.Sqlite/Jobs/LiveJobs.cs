namespace Errand.Storage.Sqlite;

/// <summary>
/// The jobs that are running, canceling, due or scheduled, found where claims find them – among the claimed ones and on the shelves –
/// and put in the order of the list. A million scheduled jobs are then not in the way of the three that run.
/// </summary>
internal sealed class LiveJobs
{
    /// <summary>To find so many costs less than to read a page of them; of more, a walk along all live ones soon fills a page.</summary>
    private const int Most = 2_000;

    private static readonly Sql Claimed = Sql.Of("list", "claimed");
    private static readonly Sql NextShelf = Sql.Of("list", "next_shelf");
    private static readonly Sql DueOn = Sql.Of("list", "due_on");
    private static readonly Sql LaterOn = Sql.Of("list", "later_on");
    private static readonly Sql One = Sql.Of("list", "one");

    private readonly Connection _db;
    private readonly bool _descending;
    private readonly long _after;
    private readonly List<long> _found = [];

    private LiveJobs(Connection db, JobQuery query)
    {
        _db = db;
        _descending = query.Order is JobOrder.CreatedDescending;
        _after = query.After?.Sequence ?? (_descending ? long.MaxValue : 0);
    }

    /// <summary>Null when there are too many.</summary>
    public static LiveJobs? Find(Connection db, JobQuery query, LanesWanted lanes)
    {
        var jobs = new LiveJobs(db, query);
        var statuses = query.Filter.Statuses;
        var few = (!statuses.Any(status => status is JobStatus.Running or JobStatus.Canceling) || jobs.Add(Claimed, _ => { }))
            && (!statuses.Contains(JobStatus.Queued) || jobs.AddShelves(DueOn, query.AsOf, lanes))
            && (!statuses.Contains(JobStatus.Scheduled) || jobs.AddShelves(LaterOn, query.AsOf, lanes));
        if (!few) return null;
        jobs._found.Sort();
        if (jobs._descending) jobs._found.Reverse();
        return jobs;
    }

    public IEnumerable<ListingRow> Rows(Connection db, int tenant)
    {
        foreach (var job in _found)
        {
            if (Read(db, job, tenant) is { } row) yield return row;
        }
    }

    private static ListingRow? Read(Connection db, long job, int tenant)
    {
        using var read = db.Use(One);
        return read.Bind(job).Bind(tenant).Step() ? ListingRow.Read(read) : null;
    }

    /// <summary>Steps from one shelf that holds something to the next.</summary>
    private bool AddShelves(Sql which, DateTimeOffset asOf, LanesWanted lanes)
    {
        for (var shelf = ShelfAfter(-1); shelf is { } number; shelf = ShelfAfter(number))
        {
            if (lanes.Has(Lane.LaneOfShelf(number)) && !Add(which, statement => statement.Bind(number).Bind(asOf))) return false;
        }

        return true;
    }

    private long? ShelfAfter(long shelf)
    {
        using var next = _db.Use(NextShelf);
        return next.Bind(shelf).Step() ? next.Int64() : null;
    }

    private bool Add(Sql which, Action<Statement> bind)
    {
        using var statement = _db.Use(which);
        bind(statement);
        while (statement.Step())
        {
            var job = statement.Int64();
            if (_descending ? job >= _after : job <= _after) continue;
            if (_found.Count == Most) return false;
            _found.Add(job);
        }

        return true;
    }
}
