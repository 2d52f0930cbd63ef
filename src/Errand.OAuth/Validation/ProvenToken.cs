using System.Security.Claims;
using Errand.AspNetCore;

namespace Errand.OAuth;

/// <summary>What the claims of a token say whose signature, audience and time were found right.</summary>
internal sealed record ProvenToken(
    string Subject, IReadOnlyList<string> ClientIds, string? Generation, string Tenant, IReadOnlyList<string> Scopes, IReadOnlyList<string> Roles, DateTimeOffset? ExpiresAt)
{
    /// <summary>Reads claims; null when nobody is named.</summary>
    public static ProvenToken? Read(ClaimsPrincipal claims, ExternalProvider? provider, DateTimeOffset? expiresAt)
    {
        // Providers name the client in different claims, and where a program speaks for itself, in the subject.
        string?[] names = [claims.FindFirstValue("client_id"), claims.FindFirstValue("azp"), claims.FindFirstValue("appid")];
        var subject = claims.FindFirstValue("sub") ?? names.FirstOrDefault(name => name is not null);
        if (string.IsNullOrEmpty(subject)) return null;
        var tenant = provider?.TenantClaim is { } claim ? claims.FindFirstValue(claim) : null;
        return new ProvenToken(
            subject, [.. names.Append(subject).OfType<string>().Distinct(StringComparer.Ordinal)], claims.FindFirstValue(TokenClaims.Generation),
            string.IsNullOrEmpty(tenant) ? JobNames.DefaultTenant : tenant, Words(claims, "scope", "scp"), Words(claims, provider?.RolesClaim ?? "roles"), expiresAt);
    }

    private static string[] Words(ClaimsPrincipal claims, params string[] types) =>
        [.. types.SelectMany(claims.FindAll).SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)];
}
