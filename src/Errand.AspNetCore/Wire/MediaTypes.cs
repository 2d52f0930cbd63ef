using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Content-Type and Accept.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string Ndjson = "application/x-ndjson";
    public const string Csv = "text/csv";
    public const string EventStream = "text/event-stream";

    /// <summary>True when the header names one of the types; parameters such as <c>charset</c> do not matter.</summary>
    public static bool Matches(string? header, IReadOnlyList<string> types)
    {
        var name = NameOf(header);
        foreach (var type in types)
        {
            if (name.Equals(type, StringComparison.OrdinalIgnoreCase) || type == "*/*") return true;
        }

        return false;
    }

    /// <summary>The type that the client likes best, the first one where it does not care; null when it takes none.</summary>
    public static string? Choose(HttpRequest request, IReadOnlyList<string> types)
    {
        var header = request.Headers.Accept;
        if (header.Count == 0 || (header.Count == 1 && header[0] is "*/*" or "" or null)) return types[0];
        if (header.Count == 1 && header[0] == types[0]) return types[0];

        string? best = null;
        var bestQuality = 0.0;
        foreach (var type in types)
        {
            var quality = QualityOf(type, header.ToString());
            if (quality > bestQuality) (best, bestQuality) = (type, quality);
        }

        return best;
    }

    // The most specific range decides (RFC 9110 §12.5.1): application/json;q=0 refuses JSON even beside */*.
    private static double QualityOf(string type, string accept)
    {
        var (quality, specific) = (0.0, -1);
        foreach (var range in accept.Split(','))
        {
            var name = NameOf(range);
            var rank = name.Equals(type, StringComparison.OrdinalIgnoreCase) ? 2
                : name is "*/*" ? 0
                : name.EndsWith("/*") && type.AsSpan().StartsWith(name[..^1], StringComparison.OrdinalIgnoreCase) ? 1
                : -1;
            if (rank > specific) (quality, specific) = (QualityIn(range), rank);
        }

        return quality;
    }

    private static double QualityIn(string range)
    {
        var at = range.IndexOf("q=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return 1;
        var text = range.AsSpan(at + 2).Trim();
        var end = text.IndexOf(';');
        return double.TryParse(end < 0 ? text : text[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) ? quality : 0;
    }

    private static ReadOnlySpan<char> NameOf(string? header)
    {
        var name = header.AsSpan();
        var end = name.IndexOf(';');
        return (end < 0 ? name : name[..end]).Trim();
    }
}
