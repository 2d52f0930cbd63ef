using System.Text.Json;
using System.Text.Unicode;

namespace Errand.Submits;

/// <summary>What a document must be to be stored: one JSON value, valid UTF-8, at most 32 levels deep. Null means that it is.</summary>
internal static class JsonRules
{
    public const int DepthMax = 32;
    public const int InlineItemsMax = 1_000;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = DepthMax };

    public static string? Mistake(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return null;
        if (!Utf8.IsValid(json)) return "It is not valid UTF-8; send JSON as UTF-8.";
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException e)
        {
            return Sentence(e);
        }
    }

    /// <summary>As <see cref="Mistake"/>, for the items of a batch: one array of at most 1,000.</summary>
    public static string? ItemsMistake(ReadOnlySpan<byte> json)
    {
        if (Mistake(json) is { } mistake) return mistake;
        return CountItems(json) switch
        {
            null => "The items must be one JSON array.",
            > InlineItemsMax => $"There are more than {InlineItemsMax:N0} items; upload them (POST /v1/uploads) and name that in itemsFrom.",
            _ => null,
        };
    }

    /// <summary>How many elements an array has; null for anything else. The document is valid.</summary>
    public static int? CountItems(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return null;
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.Skip();
            count++;
        }

        return count;
    }

    public static string Sentence(JsonException e) => e.Message.Contains("maximum configured depth", StringComparison.Ordinal)
        ? $"It is nested deeper than {DepthMax} levels."
        : $"It is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).";
}
