namespace Errand.Storage;

/// <summary>A stored client: a program that gets access tokens with an id and a secret (OAuth 2.0 client credentials, RFC 6749 §4.4).</summary>
/// <param name="Id">Its <c>client_id</c>, one for the whole installation; also the owner of the jobs it submits.</param>
/// <param name="Version">1 for a new one, one more with each change: what is compared and swapped.</param>
/// <param name="Tenant">The tenant it speaks for.</param>
/// <param name="Scopes">What it may do; empty for the default scopes.</param>
/// <param name="Roles">Vendor roles.</param>
/// <param name="Secrets">The secrets that prove it, newest first: two while one is rotated out.</param>
/// <param name="Generation">Tokens that were issued under a lower one are refused. Grows when everything issued before has to end at once.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RevokedAt">When it was ended; it stays, so that nobody else gets its id and its jobs.</param>
public sealed record OAuthClient(
    string Id, long Version, string Tenant, IReadOnlyList<string> Scopes, IReadOnlyList<string> Roles, IReadOnlyList<OAuthClientSecret> Secrets,
    int Generation, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>One secret of a client.</summary>
/// <param name="Hash">SHA-256 of the secret, which has 256 random bits: nothing of that size can be guessed, so it needs neither salt nor slowness.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
public sealed record OAuthClientSecret(ReadOnlyMemory<byte> Hash, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);
