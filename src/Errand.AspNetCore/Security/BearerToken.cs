using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

internal static class BearerToken
{
    /// <summary>The token of the Authorization header; null when there is none, or more than one.</summary>
    public static string? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value) return null;
        const string scheme = "Bearer ";
        return value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? value[scheme.Length..].Trim() : null;
    }
}
