using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>Instants on the wire: RFC 3339, written in UTC with milliseconds, <c>2026-11-22T08:30:00.000Z</c>.</summary>
public static class WireTime
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly string[] Read =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>The wire form of an instant.</summary>
    public static string Format(DateTimeOffset value) => value.UtcDateTime.ToString(Written, CultureInfo.InvariantCulture);

    /// <summary>The room that <see cref="Format(DateTimeOffset, Span{byte})"/> needs.</summary>
    public const int Utf8Room = 33;

    /// <summary>The wire form of an instant in UTF-8, written into <paramref name="room"/>.</summary>
    public static ReadOnlySpan<byte> Format(DateTimeOffset value, Span<byte> room)
    {
        // The round-trip format is the one that the framework writes without interpreting a pattern; its last four digits are cut off.
        const int milliseconds = 23;
        value.UtcDateTime.TryFormat(room, out _, "O", CultureInfo.InvariantCulture);
        room[milliseconds] = (byte)'Z';
        return room[..(milliseconds + 1)];
    }

    /// <summary>Reads RFC 3339 with an offset or <c>Z</c>; a local time without one is refused, since nobody could tell which instant it is.</summary>
    public static bool TryParse(string? text, out DateTimeOffset value)
    {
        value = default;
        return text is not null
            && (text.EndsWith('Z') || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-'))
            && DateTimeOffset.TryParseExact(text, Read, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out value);
    }
}

internal sealed class WireTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && WireTime.TryParse(reader.GetString(), out var value)
            ? value
            : throw new JsonException("An RFC 3339 time with an offset is expected, such as 2026-11-22T08:30:00Z.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[WireTime.Utf8Room];
        writer.WriteStringValue(WireTime.Format(value, text));
    }
}
