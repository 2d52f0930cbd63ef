namespace Errand.Dialects.Workiva;

/// <summary>How a job remembers which of the vendor's calls began it; also good for finding such jobs.</summary>
internal static class StarterLabels
{
    public const string Dialect = "dialect";
    public const string Starter = "starter";

    public static IReadOnlyDictionary<string, string> For(Starter starter) =>
        new Dictionary<string, string>(StringComparer.Ordinal) { [Dialect] = WorkivaDialect.DialectName, [Starter] = starter.Key };

    /// <summary>The call that began a job; null when it was begun elsewhere, or its labels were replaced.</summary>
    public static Starter? StarterOf(Job job)
    {
        var labels = job.Details.Labels;
        if (labels.GetValueOrDefault(Dialect) != WorkivaDialect.DialectName || labels.GetValueOrDefault(Starter) is not { } key) return null;
        return StarterTable.FaultOf(key) is null ? StarterTable.Of(key) : null;
    }
}
