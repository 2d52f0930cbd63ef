using System.Text;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Zendesk;

/// <summary>
/// Basic credentials with <c>email/token</c> for a user and an access token of Errand for a password. The token decides; the e-mail must be its subject where the subject is an e-mail.
/// </summary>
internal sealed class ZendeskTokenReader(AccessTokens tokens) : ICredentialReader
{
    private const string Scheme = "Basic ";
    private const string Suffix = "/token";

    public async ValueTask<ErrandPrincipal?> ReadAsync(HttpContext http)
    {
        if (Read(http.Request.Headers.Authorization.ToString()) is not var (email, token)) return null;
        if (await tokens.AuthenticateAsync(token, http.RequestAborted) is not { } principal) return null;
        var subject = principal.Caller.Subject;
        return !subject.Contains('@', StringComparison.Ordinal) || subject.Equals(email, StringComparison.OrdinalIgnoreCase) ? principal : null;
    }

    /// <summary>The e-mail and the token; null for credentials of another kind. Pure.</summary>
    public static (string Email, string Token)? Read(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        Span<byte> bytes = stackalloc byte[1024];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)) return null;
        var pair = Encoding.UTF8.GetString(bytes[..length]);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon >= Suffix.Length && pair[..colon].EndsWith(Suffix, StringComparison.Ordinal) ? (pair[..(colon - Suffix.Length)], pair[(colon + 1)..]) : null;
    }
}
