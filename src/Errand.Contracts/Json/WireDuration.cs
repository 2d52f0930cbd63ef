using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>
/// Durations on the wire: ISO 8601 with days and smaller, <c>P7D</c>, <c>PT1H30M</c>, <c>PT0.5S</c>. Months and years have no fixed length
/// and are refused.
/// </summary>
public static class WireDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The wire form of a duration.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero) return "PT0S";
        var text = new StringBuilder(value < TimeSpan.Zero ? "-P" : "P");
        var rest = value < TimeSpan.Zero ? (ulong)-value.Ticks : (ulong)value.Ticks;
        Append(text, TimeSpan.TicksPerDay, 'D', ref rest);
        if (rest != 0) text.Append('T');
        Append(text, TimeSpan.TicksPerHour, 'H', ref rest);
        Append(text, TimeSpan.TicksPerMinute, 'M', ref rest);
        if (rest != 0) text.Append(CultureInfo.InvariantCulture, $"{(decimal)rest / TimeSpan.TicksPerSecond:0.#######}S");
        return text.ToString();
    }

    private static void Append(StringBuilder text, long unit, char letter, ref ulong rest)
    {
        (var count, rest) = Math.DivRem(rest, (ulong)unit);
        if (count != 0) text.Append(CultureInfo.InvariantCulture, $"{count}{letter}");
    }

    /// <summary>Reads ISO 8601 weeks, days, hours, minutes and seconds; each at most once and in this order.</summary>
    public static bool TryParse(string? text, out TimeSpan value)
    {
        value = default;
        if (string.IsNullOrEmpty(text)) return false;
        var negative = text[0] == '-';
        var rest = text.AsSpan(negative ? 1 : 0);
        if (rest.Length < 3 || rest[0] != 'P' || rest[^1] == 'T') return false;
        rest = rest[1..];

        var ticks = 0m;
        var units = "WD";
        var seen = -1;
        while (!rest.IsEmpty)
        {
            if (rest[0] == 'T')
            {
                if (units != "WD") return false;
                units = "HMS";
                seen = -1;
                rest = rest[1..];
                continue;
            }

            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0) return false;
            var unit = units.IndexOf(rest[digits]);
            if (unit <= seen || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            if (number > 1_000_000_000) return false;
            ticks += number * TicksOf(rest[digits]);
            seen = unit;
            rest = rest[(digits + 1)..];
        }

        if (ticks > long.MaxValue) return false;
        value = TimeSpan.FromTicks(negative ? -(long)ticks : (long)ticks);
        return true;
    }

    private static long TicksOf(char unit) => unit switch
    {
        'W' => 7 * TimeSpan.TicksPerDay,
        'D' => TimeSpan.TicksPerDay,
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        _ => TimeSpan.TicksPerSecond,
    };
}

internal sealed class WireDurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && WireDuration.TryParse(reader.GetString(), out var value)
            ? value
            : throw new JsonException("An ISO 8601 duration is expected, such as PT30S, PT1H30M or P7D.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(WireDuration.Format(value));
}
