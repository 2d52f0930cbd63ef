namespace Errand.Storage.Sqlite;

/// <summary>
/// What the writer knows by heart: names, lanes and their counts, limits of queues, and the two counters. It is saved at the end of each transaction;
/// after a rollback the counts are led back along the journal, while names and numbers stay given.
/// </summary>
internal sealed class Ledger
{
    private static readonly Sql LoadTenants = Sql.Of("ledger", "load_tenants");
    private static readonly Sql LoadOwners = Sql.Of("ledger", "load_owners");
    private static readonly Sql LoadLanes = Sql.Of("ledger", "load_lanes");
    private static readonly Sql LoadShelves = Sql.Of("ledger", "load_shelves");
    private static readonly Sql LoadCounters = Sql.Of("ledger", "load_counters");
    private static readonly Sql InsertTenant = Sql.Of("ledger", "insert_tenant");
    private static readonly Sql InsertOwner = Sql.Of("ledger", "insert_owner");
    private static readonly Sql SaveLane = Sql.Of("ledger", "save_lane");
    private static readonly Sql SaveCounters = Sql.Of("ledger", "save_counters");

    private readonly List<Entry> _journal = [];
    private readonly HashSet<Lane> _touched = [];
    private long _sequence;
    private long _token;
    private bool _counted;

    public Names<string> Tenants { get; } = new();

    public Names<(int Tenant, string Subject)> Owners { get; } = new();

    public Lanes Lanes { get; } = new();

    public QueueLimits Limits { get; } = new();

    public long NextSequence()
    {
        _counted = true;
        return ++_sequence;
    }

    public long NextToken()
    {
        _counted = true;
        return ++_token;
    }

    /// <summary>A place in the journal, for <see cref="LeadBackTo"/>.</summary>
    public int Mark => _journal.Count;

    public Lane LaneOf(JobHead head) => Lanes.Find(Tenants.Intern(head.Tenant), head.Tenant, head.Queue, head.Type);

    public void Count(Lane lane, JobHead head, int change)
    {
        var entry = new Entry(lane, head.State, head.Priority, head.Losses > 0, change);
        entry.Apply(change);
        _journal.Add(entry);
        _touched.Add(lane);
    }

    public void LeadBackTo(int mark)
    {
        for (var i = _journal.Count - 1; i >= mark; i--) _journal[i].Apply(-_journal[i].Change);
        _journal.RemoveRange(mark, _journal.Count - mark);
    }

    public void Load(Connection db)
    {
        ForEach(db, LoadTenants, row => Tenants.Load(row.Int32(), row.Text()));
        ForEach(db, LoadOwners, row => Owners.Load(row.Int32(), (row.Int32(), row.Text())));
        ForEach(db, LoadLanes, LoadLane);
        ForEach(db, LoadShelves, LoadShelf);
        ForEach(db, LoadCounters, row => (_sequence, _token) = (row.Int64(), row.Int64()));
    }

    /// <summary>Writes what changed, as the last act of a transaction.</summary>
    public void Save(Connection db)
    {
        Tenants.Save((number, name) => db.Run(InsertTenant, statement => statement.Bind(number).Bind(name)));
        Owners.Save((number, owner) => db.Run(InsertOwner, statement => statement.Bind(number).Bind(owner.Tenant).Bind(owner.Subject)));
        foreach (var lane in _touched) db.Run(SaveLane, statement => BindLane(statement, lane));
        if (_counted) db.Run(SaveCounters, statement => statement.Bind(_sequence).Bind(_token));
    }

    public void Committed()
    {
        Tenants.Committed();
        Owners.Committed();
        _journal.Clear();
        _touched.Clear();
        _counted = false;
    }

    public void RolledBack()
    {
        LeadBackTo(0);
        Limits.Forget();
    }

    private static void BindLane(Statement statement, Lane lane)
    {
        statement.Bind(lane.Number).Bind(lane.Tenant).Bind(lane.Queue).Bind(lane.Type);
        for (var state = JobState.Queued; state <= JobState.Canceled; state++) statement.Bind(lane.CountOf(state));
    }

    private void LoadLane(Statement row)
    {
        var (number, tenant) = (row.Int32(), row.Int32());
        var lane = new Lane(number, tenant, Tenants[tenant], row.Text(), row.Text());
        for (var state = JobState.Queued; state <= JobState.Canceled; state++) lane.LoadState(state, row.Int64());
        Lanes.Load(lane);
    }

    private void LoadShelf(Statement row)
    {
        var shelf = row.Int64();
        Lanes[Lane.LaneOfShelf(shelf)].LoadShelf(shelf, row.Int64());
    }

    private static void ForEach(Connection db, Sql sql, Action<Statement> read)
    {
        using var statement = db.Use(sql);
        while (statement.Step()) read(statement);
    }

    private readonly record struct Entry(Lane Lane, JobState State, int Priority, bool Suspect, int Change)
    {
        public void Apply(int change) => Lane.Count(State, Priority, Suspect, change);
    }
}
