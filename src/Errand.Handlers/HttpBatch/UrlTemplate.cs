using System.Text;
using System.Text.Json;

namespace Errand.Handlers;

/// <summary>A URL with <c>{field}</c>s of an item in its path and query. What is put in can neither leave its segment nor name another host.</summary>
internal sealed class UrlTemplate
{
    private readonly (string Literal, string? Field)[] _parts;

    public UrlTemplate(string template) => _parts = [.. Parse(template)];

    /// <summary>What is wrong with a template; null when nothing is.</summary>
    public static string? Problem(string template)
    {
        var path = template.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? template.IndexOfAny(['/', '?'], scheme + 3) : -1;
        var first = template.IndexOf('{', StringComparison.Ordinal);
        if (first >= 0 && (path < 0 || first < path)) return "A {field} may stand in the path and the query only, not in the scheme, host or port.";
        var open = false;
        foreach (var c in template)
        {
            if ((c is '{' && open) || (c is '}' && !open)) return "Its braces do not match; write '{field}'.";
            open = c is '{' || (open && c is not '}');
        }

        return open ? "Its braces do not match; write '{field}'." : template.Contains("{}", StringComparison.Ordinal) ? "A {field} has no name." : null;
    }

    /// <summary>The template with something harmless in each place, to be checked as a URL.</summary>
    public static string Example(string template) => string.Concat(Parse(template).Select(part => part.Literal + (part.Field is null ? "" : "x")));

    /// <summary>The URL of an item; or what is wrong with the item.</summary>
    public (Uri? Url, JobError? Error) Fill(JsonElement item)
    {
        var url = new StringBuilder();
        foreach (var (literal, field) in _parts)
        {
            url.Append(literal);
            if (field is null) continue;
            if (ItemField.Read(item, field) is not { } value)
                return (null, new JobError("url_field_missing", $"The item has no text, number or truth value '{field}', which its URL needs."));
            url.Append(Uri.EscapeDataString(value));
        }

        var text = url.ToString();
        // Dots are not escaped by anyone, and a URL parser would climb by them to another resource.
        return text.Split('?', 2)[0].Split('/').Skip(3).Any(segment => segment is "." or "..")
            ? (null, new JobError("url_field_unsafe", "A field of the item would turn a segment of its URL into '.' or '..'."))
            : (new Uri(text), null);
    }

    private static IEnumerable<(string Literal, string? Field)> Parse(string template)
    {
        var rest = template;
        while (rest.IndexOf('{', StringComparison.Ordinal) is var open and >= 0 && rest.IndexOf('}', open) is var close and > 0)
        {
            yield return (rest[..open], rest[(open + 1)..close]);
            rest = rest[(close + 1)..];
        }

        yield return (rest, null);
    }
}
