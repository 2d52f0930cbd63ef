namespace Errand.Storage.Sqlite;

/// <summary>Tells whether a scanned row belongs on the page.</summary>
internal sealed class ListingMatcher(Connection db, Ledger names, JobQuery query, int tenant, LanesWanted lanes)
{
    private static readonly Sql HasLabel = Sql.Of("list", "has_label");

    private readonly JobFilter _filter = query.Filter;
    private readonly (string Key, string Value)[] _labels = [.. LabelRows.Of(query.Filter)];

    public bool Matches(ListingRow row) =>
        (query.Owner is null || names.Owners[row.Owner].Subject == query.Owner)
        && (_filter.Statuses.Count == 0 || _filter.Statuses.Contains(row.StatusAt(query.AsOf)))
        && (_filter.CreatedAfter is not { } from || row.CreatedAt >= from)
        && (_filter.CreatedBefore is not { } until || row.CreatedAt < until)
        && (_filter.FinishedAfter is not { } finished || row.FinishedAt >= finished)
        && lanes.Has(row.Lane)
        && Array.TrueForAll(_labels, label => IsLabelled(row.Sequence, label));

    private bool IsLabelled(long job, (string Key, string Value) label)
    {
        using var find = db.Use(HasLabel);
        return find.Bind(tenant).Bind(label.Key).Bind(label.Value).Bind(job).Step();
    }
}
