using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>What the Prefer header asks for (RFC 7240). Unknown preferences are ignored; the first of a name counts.</summary>
/// <param name="Wait">How long to hold the answer, already cut to what the server allows.</param>
/// <param name="RespondAsync">To be answered at once rather than waited for.</param>
/// <param name="Minimal">No body.</param>
internal readonly record struct Preferences(TimeSpan? Wait, bool RespondAsync, bool Minimal)
{
    public static Preferences Of(HttpRequest request, TimeSpan waitMax)
    {
        var header = request.Headers["Prefer"];
        if (header.Count == 0) return default;
        TimeSpan? wait = null;
        bool? minimal = null;
        var respondAsync = false;
        foreach (var part in header.ToString().Split(','))
        {
            var text = part.AsSpan();
            if (text.IndexOf(';') is >= 0 and var end) text = text[..end];
            var equals = text.IndexOf('=');
            var name = (equals < 0 ? text : text[..equals]).Trim();
            var value = (equals < 0 ? default : text[(equals + 1)..]).Trim().Trim('"');
            if (name.Equals("respond-async", StringComparison.OrdinalIgnoreCase)) respondAsync = true;
            else if (name.Equals("return", StringComparison.OrdinalIgnoreCase)) minimal ??= value.Equals("minimal", StringComparison.OrdinalIgnoreCase);
            else if (name.Equals("wait", StringComparison.OrdinalIgnoreCase) && wait is null) wait = ReadWait(value, waitMax);
        }

        return new Preferences(wait, respondAsync, minimal ?? false);
    }

    /// <summary>Names what was honoured.</summary>
    public void Apply(HttpResponse response)
    {
        if (this == default) return;
        List<string> applied = [];
        if (Wait is { } wait) applied.Add(string.Create(CultureInfo.InvariantCulture, $"wait={(int)wait.TotalSeconds}"));
        if (RespondAsync) applied.Add("respond-async");
        if (Minimal) applied.Add("return=minimal");
        if (applied.Count > 0) response.Headers["Preference-Applied"] = string.Join(", ", applied);
    }

    private static TimeSpan? ReadWait(ReadOnlySpan<char> value, TimeSpan max) =>
        value.Length is > 0 and < 10 && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, (int)max.TotalSeconds))
            : null;
}
