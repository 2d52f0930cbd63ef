using System.Globalization;
using System.Text.Json;

namespace Errand.Testing.Seeds;

/// <summary>A document of a vendor's, as it was recorded, with what it lacks beside it. Every mistake is told with its place.</summary>
internal sealed class SeedDocument(string place, JsonElement root, DateTimeOffset now)
{
    private const string OldDate = "ddd MMM dd HH':'mm':'ss '+0000' yyyy";
    private const string NewDate = "yyyy'-'MM'-'dd HH':'mm':'ss '+0000'";

    public JsonElement Root => root;

    public DateTimeOffset Now => now;

    public SeedDocument Inner(string name) => Member(name) is { ValueKind: JsonValueKind.Object } inner ? new SeedDocument($"{place}.{name}", inner, now) : throw Wrong(name, "an object is expected");

    public bool Has(string name) => Member(name) is not null;

    public string Text(string name) => TextOrNull(name) ?? throw Wrong(name, "a text is expected");

    public string? TextOrNull(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw Wrong(name, "a text is expected"),
    };

    public int? Number(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var whole) => whole,
        _ => throw Wrong(name, "a whole number is expected"),
    };

    public bool Flag(string name) => Member(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw Wrong(name, "true or false is expected"),
    };

    public DateTimeOffset? Time(string name)
    {
        if (TextOrNull(name) is not { } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Wrong(name, $"'{text}' is no time: 2026-03-02T09:15:04Z");
    }

    public IEnumerable<SeedDocument> Array(string name)
    {
        if (Member(name) is not { } array) yield break;
        if (array.ValueKind is not JsonValueKind.Array) throw Wrong(name, "an array is expected");
        foreach (var (index, element) in array.EnumerateArray().Index())
        {
            if (element.ValueKind is not JsonValueKind.Object) throw Wrong($"{name}[{index}]", "an object is expected");
            yield return new SeedDocument($"{place}.{name}[{index}]", element, now);
        }
    }

    public IReadOnlyList<string> Texts(string name) => Member(name) is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Where(one => one.ValueKind is JsonValueKind.String).Select(one => one.GetString()!)]
        : [];

    /// <summary>The JSON of a member that may be anything.</summary>
    public string? Raw(string name) => Member(name)?.GetRawText();

    public SeedStage Stage(string name, params IReadOnlyList<(string Word, SeedStage Stage)> words)
    {
        if (Flag("expired")) return SeedStage.Expired;
        var word = Text(name);
        foreach (var (known, stage) in words)
        {
            if (word == known) return stage;
        }

        throw Wrong(name, $"'{word}' is none of the vendor's words: {string.Join(", ", words.Select(one => one.Word))}");
    }

    /// <summary>The course of a job that is not over, from <c>script</c>: words or the JSON form.</summary>
    public VendorScript? Script()
    {
        try
        {
            return Member("script") switch
            {
                null => null,
                { ValueKind: JsonValueKind.String } words => VendorScript.Parse(words.GetString()!),
                { } json => VendorScript.FromJson(json.GetRawText()),
            };
        }
        catch (FormatException e)
        {
            throw Wrong("script", e.Message.TrimEnd('.'));
        }
    }

    /// <summary>The time at the end of a message such as <c>Completed at Fri Apr 13 02:51:53 +0000 2012</c>, and whether it has the form of that year.</summary>
    public static (DateTimeOffset At, bool Old)? DateOf(string? message)
    {
        if (message is null || message.IndexOf(" at ", StringComparison.Ordinal) is not (> 0 and var at)) return null;
        var text = message[(at + 4)..];
        foreach (var (format, old) in new[] { (OldDate, true), (NewDate, false) })
        {
            var length = Math.Min(text.Length, old ? 30 : 25);
            if (DateTimeOffset.TryParseExact(text[..length], format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return (time, old);
        }

        return null;
    }

    public FormatException Wrong(string name, string what) => new($"The seed: {place}.{name}: {what}.");

    private JsonElement? Member(string name) =>
        root.ValueKind is JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
}
