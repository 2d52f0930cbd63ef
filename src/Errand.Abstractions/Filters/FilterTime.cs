using System.Globalization;

namespace Errand;

/// <summary>One side of a span of time, written as an age or as an instant.</summary>
/// <param name="Instant">The instant.</param>
/// <param name="After">At or after it; otherwise before it.</param>
internal readonly record struct FilterTime(DateTimeOffset Instant, bool After)
{
    private static readonly string[] Instants =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads <c>&lt;2h</c>, <c>&gt;2h</c>, <c>&gt;=2026-11-22</c>, <c>&lt;2026-11-22T08:00:00Z</c>. Null for anything else.</summary>
    public static FilterTime? Read(string text, DateTimeOffset now) => text switch
    {
        ['>', '=', .. var rest] => ReadInstant(rest) is { } instant ? new FilterTime(instant, After: true) : null,
        // An age counts backwards: "less than two hours ago" is "after two hours ago".
        ['<', .. var rest] => ReadAge(rest, now) is { } aged
            ? new FilterTime(aged, After: true)
            : ReadInstant(rest) is { } instant ? new FilterTime(instant, After: false) : null,
        ['>', .. var rest] => ReadAge(rest, now) is { } aged ? new FilterTime(aged, After: false) : null,
        _ => null,
    };

    private static DateTimeOffset? ReadAge(string text, DateTimeOffset now)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var unit = text[^1] switch { 's' => 1L, 'm' => 60, 'h' => 3600, 'd' => 86_400, 'w' => 604_800, _ => 0 };
        var seconds = number * unit;
        return unit == 0 || seconds > (now - DateTimeOffset.UnixEpoch).TotalSeconds ? null : now.AddSeconds(-seconds);
    }

    private static DateTimeOffset? ReadInstant(string text) =>
        DateTimeOffset.TryParseExact(
            text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;
}
