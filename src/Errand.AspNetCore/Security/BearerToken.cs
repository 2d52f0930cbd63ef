using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

internal static class BearerToken
{
    /// <summary>The token of the Authorization header; null when there is none, or more than one.</summary>
    public static string? Of(HttpRequest request) => In(request) is { IsEmpty: false } text ? text.ToString() : null;

    /// <summary>The same without a copy; empty when there is none.</summary>
    public static ReadOnlySpan<char> In(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value) return default;
        const string scheme = "Bearer ";
        return value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? value.AsSpan(scheme.Length).Trim() : default;
    }
}
