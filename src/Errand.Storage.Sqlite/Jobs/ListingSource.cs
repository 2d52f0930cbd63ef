namespace Errand.Storage.Sqlite;

/// <summary>The index that a list walks along, from where, and in which direction.</summary>
internal sealed class ListingSource
{
    private static readonly Walk All = Walk.Of("all");
    private static readonly Walk Own = Walk.Of("own");
    private static readonly Walk Live = Walk.Of("live");
    private static readonly Walk Troubled = Walk.Of("troubled");
    private static readonly Walk Labelled = Walk.Of("labelled");
    private static readonly Walk Finished = Walk.Of("finished");

    private readonly Sql _sql;
    private readonly Action<Statement> _bind;
    private readonly bool _byFinish;

    private ListingSource(Walk walk, bool descending, bool byFinish, Action<Statement> bind) =>
        (_sql, _byFinish, _bind) = (descending ? walk.Descending : walk.Ascending, byFinish, bind);

    /// <summary>Chooses; null when the owner has no job.</summary>
    public static ListingSource? For(JobQuery query, int tenant, Ledger names)
    {
        var descending = query.Order is JobOrder.CreatedDescending or JobOrder.FinishedDescending;
        var owner = 0;
        if (query.Owner is not null && !names.Owners.TryFind((tenant, query.Owner), out owner)) return null;
        if (query.Order is JobOrder.FinishedAscending or JobOrder.FinishedDescending) return ByFinish(query, tenant, descending);

        var from = query.After?.Sequence ?? (descending ? long.MaxValue : 0);
        var statuses = query.Filter.Statuses;
        if (LabelRows.Of(query.Filter).Take(1).ToArray() is [var label])
        {
            return new(Labelled, descending, byFinish: false, s => s.Bind(tenant).Bind(label.Key).Bind(label.Value).Bind(from));
        }

        var walk = statuses.Count > 0 && statuses.All(IsLive) ? Live
            : statuses.Count > 0 && statuses.All(IsTroubled) ? Troubled
            : query.Owner is not null ? Own
            : All;
        return new(walk, descending, byFinish: false, s => s.Bind(walk == Own ? owner : tenant).Bind(from)) { IsAlongLive = walk == Live };
    }

    /// <summary>Whether it walks along all jobs that are not finished.</summary>
    public bool IsAlongLive { get; private init; }

    public IEnumerable<ListingRow> Rows(Connection db)
    {
        using var scan = db.Use(_sql);
        _bind(scan);
        while (scan.Step()) yield return ListingRow.Read(scan);
    }

    public JobCursor CursorAt(ListingRow row) => new(_byFinish ? row.FinishedAt : null, row.Sequence);

    private static ListingSource ByFinish(JobQuery query, int tenant, bool descending)
    {
        var time = query.After?.Time?.UtcTicks ?? (descending ? long.MaxValue : 0);
        var sequence = query.After?.Sequence ?? (descending ? long.MaxValue : 0);
        return new(Finished, descending, byFinish: true, s => s.Bind(tenant).Bind(time).Bind(sequence));
    }

    private static bool IsLive(JobStatus status) =>
        status is JobStatus.Scheduled or JobStatus.Queued or JobStatus.Running or JobStatus.Canceling;

    private static bool IsTroubled(JobStatus status) => status is JobStatus.Failed or JobStatus.Canceled;

    private sealed record Walk(Sql Descending, Sql Ascending)
    {
        public static Walk Of(string name) => new(Sql.Of("list", name + "_descending"), Sql.Of("list", name + "_ascending"));
    }
}
