namespace Errand.Storage.PostgreSql;

/// <summary>What a scan reads of each job.</summary>
internal readonly record struct ListingRow(
    long Sequence, string Tenant, string Queue, string Type, string Owner, JobState State, DateTimeOffset DueAt, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    public static ListingRow Read(Row row) => new(
        row.Int64(), row.Text(), row.Text(), row.Text(), row.Text(), (JobState)row.Int16(), row.Time(), row.Time(), row.TimeOrNull());

    public JobStatus StatusAt(DateTimeOffset now) => State switch
    {
        JobState.Queued => DueAt > now ? JobStatus.Scheduled : JobStatus.Queued,
        JobState.Running => JobStatus.Running,
        JobState.Canceling => JobStatus.Canceling,
        JobState.Succeeded => JobStatus.Succeeded,
        JobState.Failed => JobStatus.Failed,
        _ => JobStatus.Canceled,
    };

    /// <summary>Whether it belongs on the page, but for its labels. A walk among live jobs meets those of every tenant.</summary>
    public bool Matches(JobQuery query)
    {
        var filter = query.Filter;
        var (queue, type) = (Queue, Type);
        return Tenant == query.Tenant
            && (query.Owner is null || Owner == query.Owner)
            && (filter.Statuses.Count == 0 || filter.Statuses.Contains(StatusAt(query.AsOf)))
            && (filter.CreatedAfter is not { } from || CreatedAt >= from)
            && (filter.CreatedBefore is not { } until || CreatedAt < until)
            && (filter.FinishedAfter is not { } finished || FinishedAt >= finished)
            && (filter.Queues.Count == 0 || filter.Queues.Contains(queue))
            && (filter.Types.Count == 0 || filter.Types.Any(pattern => IsType(type, pattern)));
    }

    private static bool IsType(string type, string pattern) =>
        pattern.EndsWith('*') ? type.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : type == pattern;
}
