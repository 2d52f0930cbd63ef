using System.Text;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// Basic credentials (RFC 7617), as some vendors' clients send them: <c>email/token</c> with an access token for a password, or the name and the password of a configured user.
/// </summary>
internal sealed class BasicCredentials : ICredentialReader, IDisposable
{
    private const string Scheme = "Basic ";
    private const string TokenMark = "/token";
    private const int LengthMax = 2048;

    private readonly AccessTokens tokens;
    private readonly Dictionary<string, (ErrandPrincipal Principal, string Hash)> users;
    private readonly SlowSecrets slow;

    public BasicCredentials(AccessTokens tokens, TimeProvider time, ErrandIdentityOptions options)
    {
        this.tokens = tokens;
        slow = new SlowSecrets(time);
        users = options.Users.ToDictionary(
            user => user.Name,
            user => (new ErrandPrincipal(user.Tenant, user.Name, ErrandScopes.Of(user.Scopes, user.Roles)) { Roles = user.Roles }, user.PasswordHash),
            StringComparer.OrdinalIgnoreCase);
    }

    public async ValueTask<ErrandPrincipal?> ReadAsync(HttpContext http)
    {
        if (Split(http.Request) is not { } sent) return null;
        if (sent.Name.EndsWith(TokenMark, StringComparison.Ordinal)) return await OfTokenAsync(sent.Name[..^TokenMark.Length], sent.Password, http.RequestAborted);
        if (users.Count == 0) return null;
        var known = users.TryGetValue(sent.Name, out var user);
        var origin = http.Connection.RemoteIpAddress?.ToString() ?? "";
        return await slow.MatchesAsync(sent.Name.ToUpperInvariant(), origin, known ? user.Hash : null, sent.Password, http.RequestAborted) ? user.Principal : null;
    }

    public void Dispose() => slow.Dispose();

    // The token decides. Where its subject is an e-mail address, the one that is sent with it must be the same.
    private async ValueTask<ErrandPrincipal?> OfTokenAsync(string email, string token, CancellationToken cancellationToken)
    {
        if (await tokens.AuthenticateAsync(token, cancellationToken) is not { } principal) return null;
        var subject = principal.Caller.Subject;
        return !subject.Contains('@') || subject.Equals(email, StringComparison.OrdinalIgnoreCase) ? principal : null;
    }

    private static (string Name, string Password)? Split(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || header.Length > LengthMax || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        Span<byte> bytes = stackalloc byte[LengthMax];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? (text[..colon], text[(colon + 1)..]) : null;
    }
}
