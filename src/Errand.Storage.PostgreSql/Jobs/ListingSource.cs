namespace Errand.Storage.PostgreSql;

/// <summary>The index that a list walks along, from where, and in which direction.</summary>
internal sealed class ListingSource
{
    private static readonly Walk All = Walk.Of("all");
    private static readonly Walk Own = Walk.Of("own");
    private static readonly Walk Live = Walk.Of("live");
    private static readonly Walk Claimed = Walk.Of("claimed");
    private static readonly Walk Troubled = Walk.Of("troubled");
    private static readonly Walk Labelled = Walk.Of("labelled");
    private static readonly Walk Finished = Walk.Of("finished");

    private readonly Walk _walk;
    private readonly JobQuery _query;
    private readonly (string Key, string Value)? _label;

    private ListingSource(Walk walk, JobQuery query, (string Key, string Value)? label = null) => (_walk, _query, _label) = (walk, query, label);

    public bool IsDescending => _query.Order is JobOrder.CreatedDescending or JobOrder.FinishedDescending;

    public bool IsByFinish => _walk == Finished;

    public static ListingSource For(JobQuery query)
    {
        if (query.Order is JobOrder.FinishedAscending or JobOrder.FinishedDescending) return new(Finished, query);
        if (LabelRows.Of(query.Filter).Take(1).ToArray() is [var label]) return new(Labelled, query, label);
        var statuses = query.Filter.Statuses;
        return statuses.Count > 0 && statuses.All(IsClaimed) ? new(Claimed, query)
            : statuses.Count > 0 && statuses.All(IsLive) ? new(Live, query)
            : statuses.Count > 0 && statuses.All(IsTroubled) ? new(Troubled, query)
            : query.Owner is not null ? new(Own, query)
            : new(All, query);
    }

    public void Add(Batch batch, JobCursor? after, int rows)
    {
        var call = batch.Add(IsDescending ? _walk.Descending : _walk.Ascending)
            .With(_query.Tenant).With(after?.Sequence ?? (IsDescending ? long.MaxValue : 0)).With(rows);
        if (_walk == Own) call.With(_query.Owner);
        if (_walk == Labelled) call.With(_label!.Value.Key).With(_label.Value.Value);
        if (_walk == Finished) call.With(after?.Time?.UtcTicks ?? (IsDescending ? long.MaxValue : 0));
    }

    public JobCursor CursorAt(ListingRow row) => new(IsByFinish ? row.FinishedAt : null, row.Sequence);

    private static bool IsClaimed(JobStatus status) => status is JobStatus.Running or JobStatus.Canceling;

    private static bool IsLive(JobStatus status) =>
        status is JobStatus.Scheduled or JobStatus.Queued or JobStatus.Running or JobStatus.Canceling;

    private static bool IsTroubled(JobStatus status) => status is JobStatus.Failed or JobStatus.Canceled;

    private sealed record Walk(Sql Descending, Sql Ascending)
    {
        public static Walk Of(string name) => new(Sql.Of("list", name + "_descending"), Sql.Of("list", name + "_ascending"));
    }
}
