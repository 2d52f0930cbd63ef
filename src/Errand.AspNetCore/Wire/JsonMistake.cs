using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>Says what is wrong with a JSON body in the words of the wire: a pointer, and what would be right.</summary>
internal static partial class JsonMistake
{
    public static FieldErrorResource Explain(JsonException exception)
    {
        var pointer = PointerOf(exception.Path);
        var message = exception.Message;
        if (Unmapped().Match(message) is { Success: true } unmapped) return new($"{pointer.TrimEnd('/')}", $"There is no member '{unmapped.Groups["name"].Value}' here.");
        if (Required().Match(message) is { Success: true } required)
        {
            var name = required.Groups["name"].Value;
            return new($"{pointer}/{name}", $"'{name}' is required.");
        }

        if (Duplicate().Match(message) is { Success: true } duplicate) return new(pointer, $"The member '{duplicate.Groups["name"].Value}' is given twice.");
        if (message.Contains("maximum configured depth", StringComparison.Ordinal)) return new(pointer, $"The document nests deeper than {JsonBody.DepthMax}.");
        if (Convert().Match(message) is { Success: true } convert) return new(pointer, $"{Expected(convert.Groups["name"].Value)} is expected.");
        if (message.Contains("not allow null", StringComparison.Ordinal) || message.Contains("doesn't allow", StringComparison.Ordinal)) return new(pointer, "null is not taken here.");
        return IsOurs(message)
            ? new(pointer, message)
            : new(pointer, $"The JSON is malformed at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
    }

    // Our converters end their sentences with what would be right; the reader's own messages speak of states and tokens.
    private static bool IsOurs(string message) =>
        message.Contains("is expected", StringComparison.Ordinal) && !message.Contains("LineNumber", StringComparison.Ordinal)
        || message.StartsWith("One of these words", StringComparison.Ordinal);

    /// <summary><c>$.items[3].labels['a/b']</c> as <c>#/items/3/labels/a~1b</c>.</summary>
    internal static string PointerOf(string? path)
    {
        var pointer = new StringBuilder("#");
        foreach (Match part in PathPart().Matches(path ?? ""))
        {
            var name = part.Groups["name"].Value;
            pointer.Append('/').Append(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }

        return pointer.ToString();
    }

    private static string Expected(string type) => type switch
    {
        _ when type.Contains("System.Int", StringComparison.Ordinal) => "A whole number",
        _ when type.Contains("System.Double", StringComparison.Ordinal) => "A number",
        _ when type.Contains("System.Boolean", StringComparison.Ordinal) => "true or false",
        _ when type.Contains("Dictionary", StringComparison.Ordinal) => "An object with strings",
        _ when type.Contains("List", StringComparison.Ordinal) => "An array",
        _ when type.Contains("System.Byte", StringComparison.Ordinal) => "A base64 string",
        _ when type.Contains("System.String", StringComparison.Ordinal) => "A string",
        _ => "An object",
    };

    [GeneratedRegex("The JSON property '(?<name>[^']*)' could not be mapped", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unmapped();

    [GeneratedRegex("missing required properties including: '(?<name>[^']*)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Required();

    [GeneratedRegex("[Dd]uplicate property '(?<name>[^']*)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duplicate();

    [GeneratedRegex(@"could not be converted to (?<name>[^\s]*)\.(?= |$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Convert();

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\['(?<name>(?:[^'\\]|\\.)*)'\]|\[(?<name>\d+)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathPart();
}
