namespace Errand.Storage;

/// <summary>Access tokens, hashed; clients with their secrets, hashed; collections; and the keys that must outlive a process and be shared by nodes.</summary>
public interface ISecurityStore
{
    /// <summary>Stores a token.</summary>
    ValueTask AddTokenAsync(AccessToken token, CancellationToken cancellationToken);

    /// <summary>Finds a token by its public part.</summary>
    ValueTask<AccessToken?> FindTokenAsync(string id, CancellationToken cancellationToken);

    /// <summary>Every token, newest first.</summary>
    ValueTask<IReadOnlyList<AccessToken>> ListTokensAsync(CancellationToken cancellationToken);

    /// <summary>Ends a token. False when it is unknown.</summary>
    ValueTask<bool> RevokeTokenAsync(string id, DateTimeOffset asOf, CancellationToken cancellationToken);

    /// <summary>
    /// A number that changes whenever another process or node may have changed a token, a client, a collection, a queue or a type. Cheap: caches poll it every
    /// second.
    /// </summary>
    ValueTask<long> StampAsync(CancellationToken cancellationToken);

    /// <summary>Reads the named key, or stores the offered one and returns what is stored: every caller gets the same.</summary>
    ValueTask<ReadOnlyMemory<byte>> GetOrAddKeyAsync(string name, ReadOnlyMemory<byte> offered, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a client: as a new one when its <see cref="OAuthClient.Version"/> is 1, else in place of the version before it. False, and nothing is changed, when the id is
    /// taken or the version before is not the one that is there.
    /// </summary>
    ValueTask<bool> SaveClientAsync(OAuthClient client, CancellationToken cancellationToken);

    /// <summary>Finds a client by its id, ended ones too.</summary>
    ValueTask<OAuthClient?> FindClientAsync(string id, CancellationToken cancellationToken);

    /// <summary>Every client, by id, ended ones too.</summary>
    ValueTask<IReadOnlyList<OAuthClient>> ListClientsAsync(CancellationToken cancellationToken);

    /// <summary>Stores a collection, by the rule of <see cref="SaveClientAsync"/>.</summary>
    ValueTask<bool> SaveCollectionAsync(JobCollection collection, CancellationToken cancellationToken);

    /// <summary>Every collection, by tenant and name.</summary>
    ValueTask<IReadOnlyList<JobCollection>> ListCollectionsAsync(CancellationToken cancellationToken);

    /// <summary>Removes a collection; what it shared is not touched. False when there is none.</summary>
    ValueTask<bool> RemoveCollectionAsync(string tenant, string name, CancellationToken cancellationToken);
}

/// <summary>A stored access token. Its text is <c>errand_{Id}_{secret}</c>; only the hash of the secret is kept.</summary>
/// <param name="Id">The public part, shown in lists.</param>
/// <param name="SecretHash">SHA-256 of the secret.</param>
/// <param name="Tenant">The tenant it speaks for.</param>
/// <param name="Subject">Who it is: the owner of the jobs it submits.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Roles">Vendor roles.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends by itself; null for never.</param>
/// <param name="RevokedAt">When it was ended.</param>
public sealed record AccessToken(
    string Id, ReadOnlyMemory<byte> SecretHash, string Tenant, string Subject, IReadOnlyList<string> Scopes, IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);
