using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>
/// Says what is wrong with a JSON body in the words of the wire: a pointer, and what would be right. The reader's own messages speak of our
/// classes, so they are only looked at to tell the kinds of mistake apart.
/// </summary>
internal static partial class JsonMistake
{
    public static FieldErrorResource Explain(JsonException exception, JsonTypeInfo body)
    {
        List<string> steps = [.. PathPart().Matches(exception.Path ?? "").Select(p => p.Groups["name"].Value)];
        var pointer = PointerOf(steps);
        var message = exception.Message;
        if (Unmapped().Match(message) is { Success: true } unmapped) return Unknown(pointer, unmapped.Groups["name"].Value, TypeAt(body, steps[..^1]));
        if (Required().Match(message) is { Success: true } required) return new($"{pointer}/{required.Groups["name"].Value}", $"'{required.Groups["name"].Value}' is required.");
        if (Duplicate().IsMatch(message)) return new(pointer, "This member is given twice.");
        if (message.Contains("maximum configured depth", StringComparison.Ordinal)) return new("#", $"The document nests deeper than {JsonBody.DepthMax}.");
        if (message.Contains("could not be converted", StringComparison.Ordinal)) return new(pointer, $"{Expected(TypeAt(body, steps))} is expected.");
        if (message.Contains("null", StringComparison.Ordinal)) return new(pointer, "null is not taken here.");
        return message.Contains("LineNumber", StringComparison.Ordinal)
            ? new(pointer, $"The JSON is malformed at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.")
            : new(pointer, message);
    }

    /// <summary><c>items</c>, <c>3</c>, <c>a/b</c> as <c>#/items/3/a~1b</c>.</summary>
    internal static string PointerOf(IEnumerable<string> steps) => steps.Aggregate(
        new StringBuilder("#"),
        (pointer, step) => pointer.Append('/').Append(step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)),
        pointer => pointer.ToString());

    private static FieldErrorResource Unknown(string pointer, string name, JsonTypeInfo? parent)
    {
        var known = parent?.Properties.Select(p => p.Name).ToList() ?? [];
        return new(pointer, $"There is no member '{name}' here.{Suggestion.For(name, known)}");
    }

    private static JsonTypeInfo? TypeAt(JsonTypeInfo? type, IEnumerable<string> steps)
    {
        foreach (var step in steps)
        {
            var next = type?.Kind is JsonTypeInfoKind.Object ? type.Properties.FirstOrDefault(p => p.Name == step)?.PropertyType : type?.ElementType;
            type = next is null ? null : type!.Options.GetTypeInfo(next);
        }

        return type;
    }

    private static string Expected(JsonTypeInfo? type) => (type?.Kind, Nullable.GetUnderlyingType(type?.Type ?? typeof(object)) ?? type?.Type) switch
    {
        (JsonTypeInfoKind.Dictionary, _) => "An object with strings",
        (JsonTypeInfoKind.Enumerable, _) => "An array",
        (_, { } t) when t == typeof(string) => "A string",
        (_, { } t) when t == typeof(int) || t == typeof(long) => "A whole number",
        (_, { } t) when t == typeof(double) => "A number",
        (_, { } t) when t == typeof(bool) => "true or false",
        (_, { } t) when t == typeof(byte[]) => "A base64 string",
        _ => "An object",
    };

    [GeneratedRegex("The JSON property '(?<name>[^']*)' could not be mapped", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unmapped();

    [GeneratedRegex("missing required properties including: '(?<name>[^']*)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Required();

    [GeneratedRegex("[Dd]uplicate property '", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duplicate();

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\['(?<name>(?:[^'\\]|\\.)*)'\]|\[(?<name>\d+)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathPart();
}
