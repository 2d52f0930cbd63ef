using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>Makes, lists, ends and checks access tokens. Works beside a running server: that one notices within a second.</summary>
public sealed class AccessTokens
{
    private readonly IJobStorage storage;
    private readonly TimeProvider time;
    private readonly SecurityStamp stamp;
    private readonly StampedCache<KnownToken> cache;

    /// <summary>Over a store.</summary>
    public AccessTokens(IJobStorage storage, TimeProvider time)
        : this(storage, time, new SecurityStamp(storage, time))
    {
    }

    internal AccessTokens(IJobStorage storage, TimeProvider time, SecurityStamp stamp)
    {
        (this.storage, this.time, this.stamp) = (storage, time, stamp);
        cache = new StampedCache<KnownToken>(
            stamp, async (id, cancellationToken) => await storage.Security.FindTokenAsync(id, cancellationToken) is { } token ? new KnownToken(token) : null);
    }

    /// <summary>Makes a token. Its text is in the answer and nowhere else: only a hash is kept.</summary>
    /// <exception cref="ArgumentException">The subject is empty or a scope is unknown.</exception>
    public async ValueTask<CreatedToken> CreateAsync(NewToken token, CancellationToken cancellationToken = default)
    {
        if (token.Fault() is { } fault) throw new ArgumentException(fault, nameof(token));
        var secret = TokenText.NewSecret();
        var stored = new AccessToken(
            TokenText.NewId(), TokenText.Hash(secret), token.Tenant, token.Subject, token.Scopes, token.Roles,
            time.GetUtcNow(), token.ExpiresAt, RevokedAt: null);
        await storage.Security.AddTokenAsync(stored, cancellationToken);
        return new CreatedToken($"{TokenText.Prefix}{stored.Id}_{secret}", stored);
    }

    /// <summary>Every token, newest first, without secrets.</summary>
    public ValueTask<IReadOnlyList<AccessToken>> ListAsync(CancellationToken cancellationToken = default) =>
        storage.Security.ListTokensAsync(cancellationToken);

    /// <summary>Ends a token. False when there is none with this id.</summary>
    public async ValueTask<bool> RevokeAsync(string id, CancellationToken cancellationToken = default)
    {
        var found = await storage.Security.RevokeTokenAsync(id, time.GetUtcNow(), cancellationToken);
        stamp.Expire();
        return found;
    }

    /// <summary>Tells who a token's text speaks for; null when it is not, or no longer, a token of ours.</summary>
    public async ValueTask<ErrandPrincipal?> AuthenticateAsync(string text, CancellationToken cancellationToken = default)
    {
        if (!TokenText.IsWellFormed(text)) return null;
        await stamp.RefreshAsync(cancellationToken);
        var known = Cached(text) ?? await cache.LoadAsync(TokenText.IdOf(text).ToString(), cancellationToken);
        return known is not null && known.Proves(text) && known.IsAlive(time) ? known.Principal : null;
    }

    /// <summary>As <see cref="AuthenticateAsync"/>, for a token that is in memory under a stamp that is fresh; null means that it must be asked for.</summary>
    internal ErrandPrincipal? Known(ReadOnlySpan<char> text) =>
        TokenText.IsWellFormed(text) && stamp.IsFresh && cache.Find(TokenText.IdOf(text)) is { } known && known.Proves(text) && known.IsAlive(time) ? known.Principal : null;

    /// <summary>True while the token that a principal came from still holds; for answers that stay open.</summary>
    internal async ValueTask<bool> IsAliveAsync(ErrandPrincipal principal, CancellationToken cancellationToken)
    {
        if (principal.ExpiresAt <= time.GetUtcNow()) return false;
        if (principal.StillHolds is { } ask) return await ask(cancellationToken);
        if (principal.TokenId is not { } id) return true;
        await stamp.RefreshAsync(cancellationToken);
        var known = cache.Find(id) ?? await cache.LoadAsync(id, cancellationToken);
        return known is not null && known.IsAlive(time);
    }

    private KnownToken? Cached(string text) => cache.Find(TokenText.IdOf(text));
}

/// <summary>A token to make.</summary>
/// <param name="Subject">Who it is: the owner of the jobs it submits.</param>
public sealed record NewToken(string Subject)
{
    /// <summary>The tenant it speaks for. Default: <c>default</c>.</summary>
    public string Tenant { get; init; } = JobNames.DefaultTenant;

    /// <summary>What it may do; none means <see cref="ErrandScopes.Default"/>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Vendor roles.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>When it ends by itself; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    internal string? Fault()
    {
        if (string.IsNullOrWhiteSpace(Subject)) return "A token needs a subject: who it speaks for.";
        if (string.IsNullOrWhiteSpace(Tenant)) return "A token needs a tenant; where there is only one it is 'default'.";

        return ErrandScopes.Fault(Scopes);
    }
}

/// <summary>A token that was just made.</summary>
/// <param name="Text">The token. Shown once.</param>
/// <param name="Stored">What is kept of it.</param>
public sealed record CreatedToken(string Text, AccessToken Stored);
