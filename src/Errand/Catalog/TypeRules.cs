using Errand.Submits;

namespace Errand.Catalog;

/// <summary>What must hold for the declared types of a node; every mistake at once.</summary>
internal static class TypeRules
{
    public static List<string> Check(IReadOnlyList<JobType> types)
    {
        List<string> mistakes = [];
        foreach (var type in types) CheckOne(type, mistakes);
        var names = types.SelectMany(type => type.Aliases.Prepend(type.Name)).CountBy(name => name, StringComparer.Ordinal);
        foreach (var (name, times) in names.Where(name => name.Value > 1))
        {
            mistakes.Add($"'{name}' is declared {times} times, as a name or an alias; keep one of them.");
        }

        return mistakes;
    }

    private static void CheckOne(JobType type, List<string> mistakes)
    {
        foreach (var name in type.Aliases.Prepend(type.Name).Where(name => !JobNames.IsTypeOrQueue(name)))
        {
            mistakes.Add(
                $"'{name}' is no name for a type: use 1 to 128 of a-z, 0-9, '.', '_' and '-', beginning with a letter: 'report.export'.");
        }

        if (!JobNames.IsTypeOrQueue(type.Queue))
        {
            mistakes.Add(
                $"The queue '{type.Queue}' of '{type.Name}' has no good name: use a-z, 0-9, '.', '_' and '-', beginning with a letter.");
        }

        if (type.MaxAttempts is < 1 or > 100) mistakes.Add($"maxAttempts of '{type.Name}' is {type.MaxAttempts}; it must be 1 to 100.");
        if (type.Timeout <= TimeSpan.Zero) mistakes.Add($"The timeout of '{type.Name}' must be more than zero; leave it out for none.");
        foreach (var retention in new[] { type.Retention.Succeeded, type.Retention.Failed, type.Retention.Canceled })
        {
            if (retention < TimeSpan.Zero || retention > SubmissionRules.RetentionMax)
            {
                mistakes.Add(
                    $"A retention of '{type.Name}' is {retention}; it must be 0 to {SubmissionRules.RetentionMax.Days} days; null is for ever.");
            }
        }
    }
}
