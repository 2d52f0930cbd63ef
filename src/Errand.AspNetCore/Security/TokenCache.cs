using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>
/// Tokens that were used lately. Emptied when the store's stamp changes, which is asked for at most once a second and only while requests
/// come: an idle server does nothing.
/// </summary>
internal sealed class TokenCache(IJobStorage storage, TimeProvider time)
{
    private const int Capacity = 10_000;
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(900);

    private readonly ConcurrentDictionary<string, KnownToken> tokens = new(StringComparer.Ordinal);
    private readonly Lock refreshing = new();
    private Task? poll;
    private long checkedAt = long.MinValue;
    private long stamp = -1;

    public KnownToken? Find(ReadOnlySpan<char> id) =>
        tokens.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var known) ? known : null;

    /// <summary>Reads a token. The stamp is read before, so that a token that ends meanwhile is forgotten at the next refresh.</summary>
    public async ValueTask<KnownToken?> LoadAsync(string id, CancellationToken cancellationToken)
    {
        if (await storage.Security.FindTokenAsync(id, cancellationToken) is not { } token) return null;
        if (tokens.Count >= Capacity) tokens.Clear();
        return tokens[id] = new KnownToken(token);
    }

    public void Clear() => tokens.Clear();

    /// <summary>Returns at once while the stamp is fresh; otherwise everyone waits for the same look at the store.</summary>
    public ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        if (IsFresh()) return ValueTask.CompletedTask;
        lock (refreshing)
        {
            if (poll is null or { IsCompleted: true }) poll = PollAsync();
            return new ValueTask(poll.WaitAsync(cancellationToken));
        }
    }

    private bool IsFresh()
    {
        var at = Volatile.Read(ref checkedAt);
        return at != long.MinValue && time.GetElapsedTime(at) < Freshness;
    }

    private async Task PollAsync()
    {
        var now = time.GetTimestamp();
        var current = await storage.Security.StampAsync(CancellationToken.None);
        if (current != stamp) tokens.Clear();
        stamp = current;
        Volatile.Write(ref checkedAt, now);
    }
}

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
    public bool Proves(string text)
    {
        if (proven is { } same && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(same.AsSpan()), MemoryMarshal.AsBytes(text.AsSpan()))) return true;
        if (!CryptographicOperations.FixedTimeEquals(TokenText.Hash(TokenText.SecretOf(text)), token.SecretHash.Span)) return false;
        proven = text;
        return true;
    }

    public bool IsAliveAt(DateTimeOffset now) => token.RevokedAt is null && !(token.ExpiresAt <= now);
}
