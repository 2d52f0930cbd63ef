namespace Errand;

/// <summary>Gathers terms into a filter, and says what is wrong with each.</summary>
internal sealed class FilterReading(DateTimeOffset now)
{
    private static readonly string[] Fields = ["status", "type", "queue", "label.", "created", "finished", "schedule", "correlation"];
    private static readonly string[] Statuses = [.. Enum.GetValues<JobStatus>().Select(s => s.Word())];

    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> labels = new(StringComparer.Ordinal);

    public JobFilter Filter { get; private set; } = JobFilter.All;

    public JobFilterError? Add(FilterTerm term)
    {
        if (term.Negated && term.Field != "status") return Wrong(term, $"'-' works with status only, not with '{term.Field}'.");
        var isTime = term.Field is "created" or "finished";
        if (!isTime && !seen.Add(term.Field)) return Wrong(term, $"'{term.Field}' is given twice: put the values into one term, separated by commas.");
        return term.Field switch
        {
            "status" => AddStatuses(term),
            "type" => AddNames(term, prefixes: true, names => Filter = Filter with { Types = names }),
            "queue" => AddNames(term, prefixes: false, names => Filter = Filter with { Queues = names }),
            "created" or "finished" => AddTime(term),
            "schedule" => Single(term) ?? Set(Filter with { ScheduleId = term.Values[0].Text }),
            "correlation" => Single(term) ?? Set(Filter with { CorrelationId = term.Values[0].Text }),
            _ when term.Field.StartsWith("label.", StringComparison.Ordinal) => AddLabel(term),
            _ => Wrong(term, $"There is no field '{term.Field}'.{Suggestion.For(term.Field, Fields)} Fields: {string.Join(", ", Fields)}NAME."),
        };
    }

    private JobFilterError? AddStatuses(FilterTerm term)
    {
        List<JobStatus> found = [];
        foreach (var value in term.Values)
        {
            if (!JobStates.TryParse(value.Text, out var status))
            {
                return Wrong(value, $"There is no status '{value.Text}'.{Suggestion.For(value.Text, Statuses)} Statuses: {string.Join(", ", Statuses)}.");
            }

            found.Add(status);
        }

        JobStatus[] meant = term.Negated ? [.. Enum.GetValues<JobStatus>().Except(found)] : [.. found.Distinct()];
        // An empty list means every status: the opposite of what was asked.
        return meant.Length == 0 ? Wrong(term, "Every status is excluded: no job could match.") : Set(Filter with { Statuses = meant });
    }

    private static JobFilterError? AddNames(FilterTerm term, bool prefixes, Action<IReadOnlyList<string>> set)
    {
        foreach (var value in term.Values)
        {
            var stem = prefixes && value.Text.EndsWith('*') ? value.Text[..^1] : value.Text;
            if (!(prefixes && value.Text == "*") && !JobNames.IsTypeOrQueue(stem))
            {
                return Wrong(value, $"'{value.Text}' is not a {term.Field}: small letters, digits, '.', '_' and '-' are expected{(prefixes ? ", and a '*' at the end" : "")}.");
            }
        }

        set([.. term.Values.Select(v => v.Text)]);
        return null;
    }

    private JobFilterError? AddLabel(FilterTerm term)
    {
        if (term.Field.Length == "label.".Length) return Wrong(term, "The name of the label is missing: label.NAME:VALUE.");
        if (Single(term) is { } error) return error;
        labels[term.Field["label.".Length..]] = term.Values[0].Text;
        return Set(Filter with { Labels = labels });
    }

    private JobFilterError? AddTime(FilterTerm term)
    {
        if (Single(term) is { } error) return error;
        var value = term.Values[0];
        if (FilterTime.Read(value.Text, now) is not { } time)
        {
            return Wrong(value, $"'{value.Text}' is not a time: {term.Field}:<2h is \"less than two hours ago\", {term.Field}:>=2026-11-22T08:00:00Z is \"at or after\".");
        }

        return (term.Field, time.After) switch
        {
            ("finished", false) => Wrong(value, "finished takes a beginning only: finished:<2h, or finished:>=2026-11-22T08:00:00Z."),
            ("finished", true) => Once(term, "finished>") ?? Set(Filter with { FinishedAfter = time.Instant }),
            (_, true) => Once(term, "created>") ?? Set(Filter with { CreatedAfter = time.Instant }),
            _ => Once(term, "created<") ?? Set(Filter with { CreatedBefore = time.Instant }),
        };
    }

    private JobFilterError? Once(FilterTerm term, string what) => seen.Add(what) ? null : Wrong(term, $"This side of '{term.Field}' is given twice.");

    private static JobFilterError? Single(FilterTerm term) =>
        term.Values.Count == 1 ? null : Wrong(term.Values[1], $"'{term.Field}' takes one value; a value with a comma stands in double quotes.");

    private JobFilterError? Set(JobFilter filter)
    {
        Filter = filter;
        return null;
    }

    private static JobFilterError Wrong(FilterTerm term, string message) => new(term.FieldColumn, message);

    private static JobFilterError Wrong(FilterValue value, string message) => new(value.Column, message);
}
