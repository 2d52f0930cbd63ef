using Errand.AspNetCore;
using Errand.Storage;

namespace Errand.Cli.Identity;

/// <summary>A client as it is printed.</summary>
internal sealed record ClientResource
{
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Where it is kept: <c>store</c> or <c>configuration</c>.</summary>
    public required string Source { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>How many secrets prove it now: two while one is rotated out.</summary>
    public int Secrets { get; init; }

    /// <summary>When the secrets before the newest end; only while they hold.</summary>
    public DateTimeOffset? FormerSecretsEndAt { get; init; }

    /// <summary>The secret itself, only when it was just made.</summary>
    public string? Secret { get; init; }

    public static ClientResource From(OAuthClient client, DateTimeOffset now, string? secret = null)
    {
        var live = client.Secrets.Where(held => !(held.ExpiresAt <= now)).ToArray();
        return new ClientResource
        {
            Id = client.Id,
            Tenant = client.Tenant,
            Scopes = client.Scopes,
            Roles = client.Roles,
            Source = "store",
            CreatedAt = client.CreatedAt,
            RevokedAt = client.RevokedAt,
            Secrets = live.Length,
            FormerSecretsEndAt = live.Max(held => held.ExpiresAt),
            Secret = secret,
        };
    }

    public static ClientResource From(ConfiguredClient client) => new()
    {
        Id = client.Id,
        Tenant = client.Tenant,
        Scopes = client.Scopes,
        Roles = client.Roles,
        Source = "configuration",
        Secrets = client.SecretHash is null ? 0 : 1,
    };
}
