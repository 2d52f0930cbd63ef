using System.Text;

namespace Errand;

/// <summary>One <c>field:value</c> of a filter, with the columns for error messages.</summary>
internal sealed record FilterTerm(string Field, int FieldColumn, IReadOnlyList<FilterValue> Values, bool Negated)
{
    public JobFilterError? Error { get; init; }

    public static IEnumerable<FilterTerm> Split(string text)
    {
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            if (at >= text.Length) yield break;
            var term = Read(text, ref at);
            yield return term;
            if (term.Error is not null) yield break;
        }
    }

    private static FilterTerm Read(string text, ref int at)
    {
        var start = at;
        var negated = text[at] == '-';
        if (negated) at++;
        var field = at;
        while (at < text.Length && text[at] != ':' && !char.IsWhiteSpace(text[at])) at++;
        var name = text[field..at];
        if (at >= text.Length || text[at] != ':' || name.Length == 0)
        {
            return Wrong(start, $"'{text[start..at]}' is not a term: a field, a colon and a value are expected, such as status:failed.");
        }

        at++;
        List<FilterValue> values = [];
        while (true)
        {
            var column = at + 1;
            if (ReadValue(text, ref at) is not { } value) return Wrong(column - 1, "The closing quote is missing.");
            if (value.Text.Length == 0 && !value.Quoted) return Wrong(column - 1, $"A value is expected after '{name}:'.");
            values.Add(value with { Column = column });
            if (at >= text.Length || text[at] != ',') break;
            at++;
        }

        return new FilterTerm(name, field + 1, values, negated);
    }

    private static FilterValue? ReadValue(string text, ref int at)
    {
        if (at < text.Length && text[at] == '"') return ReadQuoted(text, ref at);
        var start = at;
        while (at < text.Length && text[at] != ',' && !char.IsWhiteSpace(text[at])) at++;
        return new FilterValue(text[start..at], Quoted: false, 0);
    }

    private static FilterValue? ReadQuoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                return new FilterValue(value.ToString(), Quoted: true, 0);
            }

            if (text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at]);
        }

        return null;
    }

    private static FilterTerm Wrong(int at, string message) => new("", at, [], Negated: false) { Error = new JobFilterError(at + 1, message) };
}

internal sealed record FilterValue(string Text, bool Quoted, int Column);
