namespace Errand.Storage.Sqlite;

/// <summary>Tells whether a scanned row belongs on the page.</summary>
internal sealed class ListingMatcher(Connection db, Ledger names, JobQuery query, int tenant)
{
    private static readonly Sql HasLabel = Sql.Of("list", "has_label");

    private readonly JobFilter _filter = query.Filter;
    private readonly (string Key, string Value)[] _labels = [.. LabelRows.Of(query.Filter)];
    private readonly Dictionary<int, bool> _lanes = [];

    public bool Matches(ListingRow row) =>
        (query.Owner is null || names.Owners[row.Owner].Subject == query.Owner)
        && (_filter.Statuses.Count == 0 || _filter.Statuses.Contains(row.StatusAt(query.AsOf)))
        && (_filter.CreatedAfter is not { } from || row.CreatedAt >= from)
        && (_filter.CreatedBefore is not { } until || row.CreatedAt < until)
        && (_filter.FinishedAfter is not { } finished || row.FinishedAt >= finished)
        && IsInLane(row.Lane)
        && Array.TrueForAll(_labels, label => IsLabelled(row.Sequence, label));

    private bool IsInLane(int number)
    {
        if (!_lanes.TryGetValue(number, out var matches)) _lanes[number] = matches = Matches(names.Lanes[number]);
        return matches;
    }

    private bool Matches(Lane lane) =>
        (_filter.Queues.Count == 0 || _filter.Queues.Contains(lane.Queue))
        && (_filter.Types.Count == 0 || _filter.Types.Any(pattern => IsType(lane.Type, pattern)));

    private static bool IsType(string type, string pattern) =>
        pattern.EndsWith('*') ? type.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : type == pattern;

    private bool IsLabelled(long job, (string Key, string Value) label)
    {
        using var find = db.Use(HasLabel);
        return find.Bind(tenant).Bind(label.Key).Bind(label.Value).Bind(job).Step();
    }
}
