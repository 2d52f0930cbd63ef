using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>Makes, lists, rotates, ends and checks clients. Works beside a running server: every node notices within a second.</summary>
public sealed class OAuthClients : IDisposable
{
    private readonly IJobStorage storage;
    private readonly TimeProvider time;
    private readonly SecurityStamp stamp;
    private readonly StampedCache<StoredClient> cache;
    private readonly Dictionary<string, (KnownClient Known, string? Hash)> configured;
    private readonly SlowSecrets slow;

    /// <summary>Over a store, without clients of a configuration.</summary>
    public OAuthClients(IJobStorage storage, TimeProvider time)
        : this(storage, time, new SecurityStamp(storage, time), new ErrandIdentityOptions())
    {
    }

    internal OAuthClients(IJobStorage storage, TimeProvider time, SecurityStamp stamp, ErrandIdentityOptions options)
    {
        (this.storage, this.time, this.stamp) = (storage, time, stamp);
        slow = new SlowSecrets(time);
        cache = new StampedCache<StoredClient>(
            stamp, async (id, cancellationToken) => await storage.Security.FindClientAsync(id, cancellationToken) is { } client ? new StoredClient(client, Known(client)) : StoredClient.Nobody);
        configured = options.Clients.ToDictionary(client => client.Id, client => (Known(client), client.SecretHash), StringComparer.Ordinal);
    }

    /// <summary>Makes a client in the store. Its secret is in the answer and nowhere else: only a hash is kept.</summary>
    /// <exception cref="ArgumentException">A name, a scope or a role is wrong, or the id is taken, by an ended client too.</exception>
    public async ValueTask<CreatedSecret> CreateAsync(NewClient client, CancellationToken cancellationToken = default)
    {
        if (client.Fault() is { } fault) throw new ArgumentException(fault, nameof(client));
        var (secret, hashed) = NewSecret();
        var stored = new OAuthClient(client.Id, 1, client.Tenant, client.Scopes, client.Roles, [hashed], 0, time.GetUtcNow(), null);
        if (configured.ContainsKey(client.Id) || !await storage.Security.SaveClientAsync(stored, cancellationToken))
            throw new ArgumentException($"The client id '{client.Id}' is taken. Choose another, or give it a new secret: errand client rotate {client.Id}.", nameof(client));
        stamp.Expire();
        return new CreatedSecret(secret, stored);
    }

    /// <summary>Every client of the store, by id, ended ones too.</summary>
    public ValueTask<IReadOnlyList<OAuthClient>> ListAsync(CancellationToken cancellationToken = default) => storage.Security.ListClientsAsync(cancellationToken);

    /// <summary>Gives a client a new secret. Null when there is no live client of this id in the store.</summary>
    /// <param name="id">The client.</param>
    /// <param name="overlap">How long the secrets before hold still; zero ends them, and every access token that was issued so far, at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<CreatedSecret?> RotateAsync(string id, TimeSpan overlap, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        var (secret, hashed) = NewSecret();
        var changed = await ChangeAsync(id, client => Rotated(client, hashed, overlap), cancellationToken);
        return changed is null ? null : new CreatedSecret(secret, changed);
    }

    /// <summary>Ends a client and every access token of it. False when there is no live client of this id in the store.</summary>
    public async ValueTask<bool> RevokeAsync(string id, CancellationToken cancellationToken = default) => await ChangeAsync(
        id, client => client with { RevokedAt = time.GetUtcNow(), Secrets = [], Generation = client.Generation + 1 }, cancellationToken) is not null;

    /// <summary>What a client is now, at most a second old; null when it is unknown or ended.</summary>
    public async ValueTask<KnownClient?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        if (configured.TryGetValue(id, out var named)) return named.Known;
        return (await StoredAsync(id, cancellationToken))?.Known;
    }

    /// <summary>The same, asked of the store itself: for who holds something newer than what is remembered, such as a token of another generation.</summary>
    public async ValueTask<KnownClient?> RereadAsync(string id, CancellationToken cancellationToken = default)
    {
        if (configured.TryGetValue(id, out var named)) return named.Known;
        return NewClient.IsId(id) ? (await cache.LoadAsync(id, cancellationToken))?.Known : null;
    }

    /// <summary>True for a client of the store that was ended, at most a second old; false for one that was never known.</summary>
    public async ValueTask<bool> IsRevokedAsync(string id, CancellationToken cancellationToken = default) =>
        !configured.ContainsKey(id) && await StoredAsync(id, cancellationToken) is { Client: not null, Known: null };

    /// <summary>The client that an id and a secret prove; null when they prove none.</summary>
    /// <param name="id">What was sent as <c>client_id</c>.</param>
    /// <param name="secret">What was sent as <c>client_secret</c>.</param>
    /// <param name="origin">Where the request came from, for counting guesses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<KnownClient?> VerifyAsync(string id, string secret, string origin, CancellationToken cancellationToken = default)
    {
        if (configured.TryGetValue(id, out var named)) return await ProvesAsync(named.Known, named.Hash, secret, origin, cancellationToken) ? named.Known : null;
        var stored = await StoredAsync(id, cancellationToken);
        if (Proves(stored, secret) is { } known) return known;

        // A client that was just made or rotated, by another process, is not refused for the second that what is known may be old.
        return NewClient.IsId(id) ? Proves(await cache.LoadAsync(id, cancellationToken), secret) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => slow.Dispose();

    private async ValueTask<bool> ProvesAsync(KnownClient client, string? hash, string secret, string origin, CancellationToken cancellationToken) => hash is not null
        && (SecretHashes.IsFast(hash) ? SecretHashes.Matches(hash, secret) : await slow.MatchesAsync(client.Id, origin, hash, secret, cancellationToken));

    private KnownClient? Proves(StoredClient? stored, string secret)
    {
        if (stored is not { Client: { } client, Known: { } known }) return null;
        var now = time.GetUtcNow();
        var proven = false;
        foreach (var held in client.Secrets) proven |= !(held.ExpiresAt <= now) && SecretHashes.MatchesFast(held.Hash.Span, secret);
        return proven ? known : null;
    }

    private async ValueTask<StoredClient?> StoredAsync(string id, CancellationToken cancellationToken)
    {
        if (!NewClient.IsId(id)) return null;
        await stamp.RefreshAsync(cancellationToken);
        return cache.Find(id) ?? await cache.LoadAsync(id, cancellationToken);
    }

    private async ValueTask<OAuthClient?> ChangeAsync(string id, Func<OAuthClient, OAuthClient> change, CancellationToken cancellationToken)
    {
        while (await storage.Security.FindClientAsync(id, cancellationToken) is { RevokedAt: null } client)
        {
            var changed = change(client) with { Version = client.Version + 1 };
            if (!await storage.Security.SaveClientAsync(changed, cancellationToken)) continue;
            stamp.Expire();
            return changed;
        }

        return null;
    }

    private OAuthClient Rotated(OAuthClient client, OAuthClientSecret secret, TimeSpan overlap)
    {
        if (overlap == TimeSpan.Zero) return client with { Secrets = [secret], Generation = client.Generation + 1 };
        var now = time.GetUtcNow();
        var end = now + overlap;
        var before = client.Secrets.Where(held => !(held.ExpiresAt <= now)).Select(held => held.ExpiresAt < end ? held : held with { ExpiresAt = end });
        return client with { Secrets = [secret, .. before] };
    }

    private (string Text, OAuthClientSecret Hashed) NewSecret()
    {
        var text = SecretHashes.NewSecret();
        return (text, new OAuthClientSecret(TokenText.Hash(text), time.GetUtcNow(), null));
    }

    private static KnownClient? Known(OAuthClient client) => client.RevokedAt is not null ? null
        : new KnownClient(client.Id, client.Tenant, ErrandScopes.Of(client.Scopes, client.Roles), client.Roles, client.Generation.ToString(CultureInfo.InvariantCulture));

    // Another secret in the file is another generation: tokens that were issued for the one before end with it.
    private static KnownClient Known(ConfiguredClient client) => new(
        client.Id, client.Tenant, ErrandScopes.Of(client.Scopes, client.Roles), client.Roles,
        "c" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client.SecretHash ?? "")).AsSpan(0, 8)));

    // That there is none is remembered too: tokens of another issuer may name anybody, request after request.
    private sealed record StoredClient(OAuthClient? Client, KnownClient? Known)
    {
        public static StoredClient Nobody { get; } = new(null, null);
    }
}
