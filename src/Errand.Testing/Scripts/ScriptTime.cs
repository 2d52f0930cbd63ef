using System.Globalization;

namespace Errand.Testing;

/// <summary>Durations as scripts write them: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>.</summary>
internal static class ScriptTime
{
    public const string Example = "500ms, 10s, 2m or 1h";

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits is <= 0 or > 7) return false;
        var unit = Array.Find(Units, one => text.AsSpan(digits).SequenceEqual(one.Unit));
        if (unit.Unit is null) return false;
        time = int.Parse(text.AsSpan(0, digits), CultureInfo.InvariantCulture) * unit.Length;
        return true;
    }

    public static string ToText(TimeSpan time)
    {
        var (unit, length) = Array.FindLast(Units, one => time >= one.Length && time.Ticks % one.Length.Ticks == 0);
        return unit is null
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / length.Ticks}{unit}");
    }
}
