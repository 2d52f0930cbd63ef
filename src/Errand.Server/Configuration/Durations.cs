using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Errand.Server.Configuration;

/// <summary>Durations as people write them: <c>30s</c>, <c>10m</c>, <c>1h30m</c>, <c>7d</c>, <c>00:10:00</c>.</summary>
public static class Durations
{
    /// <summary>What to tell a person who wrote something else.</summary>
    public const string Example = "30s, 10m, 2h, 7d or 00:10:00";

    private static readonly string[] Clock = ["c", @"h\:mm\:ss"];

    /// <summary>Reads a duration that is not negative.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text)) return false;
        if (text.Contains(':'))
        {
            return TimeSpan.TryParseExact(text, Clock, CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero;
        }


        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 9) return false;
            var number = int.Parse(rest[..digits], CultureInfo.InvariantCulture);
            rest = rest[digits..];
            if (Unit(ref rest) is not { } unit) return false;
            duration += number * unit;
        }

        return true;
    }

    private static TimeSpan? Unit(ref ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOfAnyInRange('0', '9');
        var word = length < 0 ? rest : rest[..length];
        rest = rest[word.Length..];
        return word switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => null,
        };
    }
}
