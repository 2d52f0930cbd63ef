namespace Errand.Clients;

/// <summary>Whether a job matches a filter, for those who follow jobs instead of listing them.</summary>
internal static class JobMatch
{
    /// <summary>What the head alone can tell; a head that passes may still be refused with its details.</summary>
    public static bool Matches(JobFilter filter, JobHead head) =>
        (filter.Types.Count == 0 || filter.Types.Any(type => TypeMatches(type, head.Type)))
        && (filter.Queues.Count == 0 || filter.Queues.Contains(head.Queue))
        && !(head.CreatedAt < filter.CreatedAfter)
        && !(head.CreatedAt >= filter.CreatedBefore);

    public static bool Matches(JobFilter filter, Job job, DateTimeOffset now) =>
        Matches(filter, job.Head)
        && (filter.Statuses.Count == 0 || filter.Statuses.Contains(job.Head.StatusAt(now)))
        && (filter.FinishedAfter is null || job.Head.FinishedAt >= filter.FinishedAfter)
        && (filter.ScheduleId is null || job.Details.ScheduleId == filter.ScheduleId)
        && (filter.CorrelationId is null || job.Details.CorrelationId == filter.CorrelationId)
        && filter.Labels.All(label => job.Details.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private static bool TypeMatches(string pattern, string type) => pattern.EndsWith('*')
        ? type.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
        : pattern == type;
}
