using System.Collections.Concurrent;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.OAuth;

/// <summary>
/// Knows signed access tokens. A signature is checked once for each token; whether its client still stands, and what it may do, is asked for each request, of memory, and is at most a second old.
/// </summary>
internal sealed class OAuthCredentials(OAuthRoom room, OAuthClients clients, TimeProvider time) : ICredentialReader
{
    private const string Scheme = "Bearer ";
    private const int Capacity = 10_000;
    private const int LengthMax = 16 * 1024;

    private readonly ConcurrentDictionary<string, SeenToken> seen = new(StringComparer.Ordinal);

    public ValueTask<ErrandPrincipal?> ReadAsync(HttpContext http)
    {
        var text = TextOf(http.Request);
        if (text.IsEmpty) return default;
        return seen.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var token) ? SpeaksForAsync(token, http.RequestAborted) : ProveAsync(http, text.ToString());
    }

    private async ValueTask<ErrandPrincipal?> ProveAsync(HttpContext http, string text)
    {
        var check = await room.CheckAsync(http.RequestAborted);
        if (await check.ProveAsync(http) is not { } proven) return null;
        if (seen.Count >= Capacity) seen.Clear();
        var token = new SeenToken(proven);
        seen[text] = token;
        return await SpeaksForAsync(token, http.RequestAborted);
    }

    private async ValueTask<ErrandPrincipal?> SpeaksForAsync(SeenToken token, CancellationToken cancellationToken)
    {
        if (token.Proven.ExpiresAt <= time.GetUtcNow()) return null;
        KnownClient? client = null;
        foreach (var id in token.Proven.ClientIds)
        {
            if (await clients.IsRevokedAsync(id, cancellationToken)) return null;
            client ??= await clients.FindAsync(id, cancellationToken);
        }

        if (room.Options.Provider is null && client?.Generation != token.Proven.Generation)
        {
            // The signature is ours, so another node may know a newer generation than this one does yet.
            client = await clients.RereadAsync(token.Proven.Subject, cancellationToken);
            if (client is null || client.Generation != token.Proven.Generation) return null;
        }

        return token.As(client, other => PrincipalOf(token, other));
    }

    private ErrandPrincipal PrincipalOf(SeenToken token, KnownClient? client)
    {
        var proven = token.Proven;
        var ours = proven.Scopes.Where(scope => ErrandScopes.Fault([scope]) is null).ToArray();
        var scopes = client is null ? ours : ours.Length == 0 ? client.Scopes : GrantedScopes.Of(ours, client);
        // A token that was not given everything does not administer either.
        var roles = (client?.Roles ?? proven.Roles).Where(role => ErrandRoles.All.Contains(role) && (role != ErrandRoles.Admin || scopes.Contains(ErrandScopes.Admin)));
        return new ErrandPrincipal(client?.Tenant ?? proven.Tenant, proven.Subject, scopes)
        {
            Roles = [.. roles],
            ExpiresAt = proven.ExpiresAt,
            StillHolds = async cancellationToken => await SpeaksForAsync(token, cancellationToken) is not null,
        };
    }

    // A signed token has two dots; Errand's own access tokens have none, so nothing is lost on them. No text is made of it: every request passes here.
    private static ReadOnlySpan<char> TextOf(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ Length: < LengthMax } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return default;
        var text = header.AsSpan(Scheme.Length).Trim();
        return text.Count('.') == 2 ? text : default;
    }
}
