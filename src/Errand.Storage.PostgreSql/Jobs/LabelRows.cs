namespace Errand.Storage.PostgreSql;

/// <summary>
/// The rows by which a job is found: its labels, its correlation and its schedule. The first character tells whose they are.
/// </summary>
internal static class LabelRows
{
    private const string Correlation = "@correlation";
    private const string Schedule = "@schedule";
    private const string OfCaller = ":";

    public static IEnumerable<(string Key, string Value)> Of(JobDetails details) =>
        Of(details.Labels, details.CorrelationId, details.ScheduleId);

    public static IEnumerable<(string Key, string Value)> Of(JobFilter filter) =>
        Of(filter.Labels, filter.CorrelationId, filter.ScheduleId);

    private static IEnumerable<(string Key, string Value)> Of(
        IReadOnlyDictionary<string, string> labels, string? correlation, string? schedule)
    {
        if (correlation is not null) yield return (Correlation, correlation);
        if (schedule is not null) yield return (Schedule, schedule);
        foreach (var (key, value) in labels) yield return (OfCaller + key, value);
    }
}
