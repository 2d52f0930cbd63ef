namespace Errand.Storage.Memory;

/// <summary>One page of a list. Walks the tenant's jobs: a store in memory has no history worth an index.</summary>
internal sealed class Listing(JobQuery query)
{
    private readonly JobFilter _filter = query.Filter;
    private readonly bool _byFinish = query.Order is JobOrder.FinishedAscending or JobOrder.FinishedDescending;
    private readonly int _direction = query.Order is JobOrder.CreatedAscending or JobOrder.FinishedAscending ? 1 : -1;

    public JobPage Read(IEnumerable<JobRow> rows)
    {
        var order = Comparer<JobRow>.Create((left, right) => Compare(PlaceOf(left), PlaceOf(right)));
        var page = rows.Where(IsWanted).Order(order).Take(query.Limit + 1).ToList();
        var jobs = page.Take(query.Limit).Select(row => row.Read(JobParts.Status) with { Result = null }).ToList();
        return new JobPage(jobs, page.Count > query.Limit ? PlaceOf(page[query.Limit - 1]) : null);
    }

    private JobCursor PlaceOf(JobRow row) => new(_byFinish ? row.Head.FinishedAt : null, row.Head.Sequence);

    private int Compare(JobCursor left, JobCursor right) =>
        _direction * (Nullable.Compare(left.Time, right.Time) is var order and not 0 ? order : left.Sequence.CompareTo(right.Sequence));

    private bool IsWanted(JobRow row) =>
        row.Head.Tenant == query.Tenant
        && (query.Owner is null || row.Head.Owner == query.Owner)
        && (!_byFinish || row.Head.FinishedAt is not null)
        && (query.After is not { } after || Compare(PlaceOf(row), after) > 0)
        && Matches(row);

    private bool Matches(JobRow row)
    {
        var (head, details) = (row.Head, row.Details);
        return (_filter.Statuses.Count == 0 || _filter.Statuses.Contains(head.StatusAt(query.AsOf)))
            && (_filter.Types.Count == 0 || _filter.Types.Any(pattern => IsType(head.Type, pattern)))
            && (_filter.Queues.Count == 0 || _filter.Queues.Contains(head.Queue))
            && _filter.Labels.All(label => details.Labels.TryGetValue(label.Key, out var value) && value == label.Value)
            && (_filter.CreatedAfter is not { } from || head.CreatedAt >= from)
            && (_filter.CreatedBefore is not { } until || head.CreatedAt < until)
            && (_filter.FinishedAfter is not { } finished || head.FinishedAt >= finished)
            && (_filter.ScheduleId is not { } schedule || details.ScheduleId == schedule)
            && (_filter.CorrelationId is not { } correlation || details.CorrelationId == correlation);
    }

    private static bool IsType(string type, string pattern) =>
        pattern.EndsWith('*') ? type.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : type == pattern;
}
