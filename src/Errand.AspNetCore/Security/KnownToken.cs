using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>A token as it was last read.</summary>
internal sealed class KnownToken(AccessToken token)
{
    private string? proven;

    public ErrandPrincipal Principal { get; } =
        new(token.Tenant, token.Subject, ErrandScopes.Of(token.Scopes, token.Roles))
        {
            Roles = token.Roles,
            TokenId = token.Id,
            ExpiresAt = token.ExpiresAt,
        };

    /// <summary>
    /// True for the exact text. Hashing it is the dearest part of an authentication, so the text that once matched is compared itself.
    /// </summary>
    public bool Proves(ReadOnlySpan<char> text)
    {
        if (proven is { } same && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(same.AsSpan()), MemoryMarshal.AsBytes(text))) return true;
        if (!CryptographicOperations.FixedTimeEquals(TokenText.Hash(TokenText.SecretOf(text)), token.SecretHash.Span)) return false;
        proven = text.ToString();
        return true;
    }

    // Most tokens never end by themselves, and the clock need not be read for them.
    public bool IsAlive(TimeProvider time) => token.RevokedAt is null && (token.ExpiresAt is not { } end || end > time.GetUtcNow());
}
