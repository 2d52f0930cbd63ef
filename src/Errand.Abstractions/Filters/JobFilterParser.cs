using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Errand;

/// <summary>
/// The one filter language of the API, the CLI and bulk actions: terms separated by spaces, all of which must hold.
/// <c>status:failed,canceled type:report.* queue:bulk label.tenant:acme created:&lt;2h finished:&gt;=2026-11-22T00:00:00Z schedule:nightly correlation:abc</c>.
/// A comma means "or", a trailing <c>*</c> of a type matches a prefix, <c>-status:succeeded</c> means every other status. With an age,
/// <c>created:&lt;2h</c> is "less than two hours ago"; with an instant, <c>&gt;=</c> is "at or after" and <c>&lt;</c> is "before".
/// Values with spaces or commas stand in double quotes.
/// </summary>
public static class JobFilterParser
{
    /// <summary>The longest text that is read.</summary>
    public const int MaxLength = 4000;

    /// <summary>Reads a filter. Ages count from <paramref name="now"/>, so the result means the same jobs for ever.</summary>
    public static bool TryParse(
        string? text, DateTimeOffset now, [NotNullWhen(true)] out JobFilter? filter, [NotNullWhen(false)] out JobFilterError? error)
    {
        filter = null;
        error = null;
        text ??= "";
        if (text.Length > MaxLength)
        {
            error = new JobFilterError(MaxLength + 1, $"A filter has at most {MaxLength} characters.");
            return false;
        }

        var reading = new FilterReading(now);
        foreach (var term in FilterTerm.Split(text))
        {
            error = term.Error ?? reading.Add(term);
            if (error is not null) return false;
        }

        filter = reading.Filter;
        return true;
    }

    /// <summary>Writes a filter so that <see cref="TryParse"/> reads the same; equal filters give equal texts.</summary>
    public static string Format(JobFilter filter)
    {
        List<string> terms = [];
        AddList(terms, "status", filter.Statuses.Select(s => s.Word()));
        AddList(terms, "type", filter.Types);
        AddList(terms, "queue", filter.Queues);
        foreach (var (key, value) in filter.Labels.OrderBy(l => l.Key, StringComparer.Ordinal)) terms.Add($"label.{key}:{Quote(value)}");
        AddTime(terms, "created:>=", filter.CreatedAfter);
        AddTime(terms, "created:<", filter.CreatedBefore);
        AddTime(terms, "finished:>=", filter.FinishedAfter);
        if (filter.ScheduleId is { } schedule) terms.Add($"schedule:{Quote(schedule)}");
        if (filter.CorrelationId is { } correlation) terms.Add($"correlation:{Quote(correlation)}");
        return string.Join(' ', terms);
    }

    private static void AddList(List<string> terms, string field, IEnumerable<string> values)
    {
        var list = string.Join(',', values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        if (list.Length > 0) terms.Add($"{field}:{list}");
    }

    private static void AddTime(List<string> terms, string field, DateTimeOffset? value)
    {
        if (value is { } time) terms.Add(field + time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }

    // Any white space ends a bare value, not the blank alone: unquoted, a value could grow terms of its own.
    private static string Quote(string value) =>
        value.Length > 0 && !value.Any(c => c is ',' or '"' or '\\' || char.IsWhiteSpace(c))
            ? value
            : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

/// <summary>What is wrong with a filter.</summary>
/// <param name="Column">Where, from 1.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record JobFilterError(int Column, string Message)
{
    /// <summary>The message with its column.</summary>
    public override string ToString() => $"Column {Column}: {Message}";
}
