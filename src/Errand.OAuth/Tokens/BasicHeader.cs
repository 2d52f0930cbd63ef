using System.Text;
using Microsoft.AspNetCore.Http;

namespace Errand.OAuth;

internal static class BasicHeader
{
    private const string Scheme = "Basic ";

    /// <summary>Id and secret as they stand in a Basic header, nothing unescaped; null when there is none.</summary>
    public static (string Id, string Secret)? RawOf(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? (text[..colon], text[(colon + 1)..]) : null;
    }
}
