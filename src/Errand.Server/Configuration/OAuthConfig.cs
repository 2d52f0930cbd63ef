namespace Errand.Server.Configuration;

/// <summary>Who issues the access tokens of clients.</summary>
public sealed record OAuthConfig
{
    /// <summary>Whether signed access tokens are issued and taken at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long a token of the built-in issuer holds; null for what the vendor of each address documents.</summary>
    public TimeSpan? TokenLifetime { get; init; }

    /// <summary>The OpenID provider whose tokens are taken instead; null for the built-in issuer.</summary>
    public Uri? Authority { get; init; }

    /// <summary>Whom the provider's tokens must be for.</summary>
    public string Audience { get; init; } = "";

    /// <summary>The provider's claim that names the tenant.</summary>
    public string? TenantClaim { get; init; }

    /// <summary>The provider's claim that lists roles; null for <c>roles</c>.</summary>
    public string? RolesClaim { get; init; }
}

/// <summary>Reads <c>oauth</c>.</summary>
internal static class OAuthReader
{
    private static readonly TimeSpan LifetimeMin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(1);
    private static readonly string[] ProvidersOwn = ["audience", "tenantClaim", "rolesClaim"];

    public static OAuthConfig Read(ConfigSection root)
    {
        if (root.Section("oauth") is not { } section) return new OAuthConfig();
        var oauth = new OAuthConfig
        {
            Enabled = section.Flag("enabled") ?? true,
            TokenLifetime = section.Duration("tokenLifetime"),
            Authority = section.Address("authority"),
            Audience = section.Text("audience") ?? "",
            TenantClaim = section.Text("tenantClaim"),
            RolesClaim = section.Text("rolesClaim"),
        };
        if (section.Has("authority")) CheckProvider(section, oauth);
        else CheckOwn(section, oauth);
        section.Close();
        return oauth;
    }

    private static void CheckProvider(ConfigSection section, OAuthConfig oauth)
    {
        if (!section.Has("audience")) section.Fail("audience", "is missing. Add what the provider puts into the \"aud\" of tokens for this server, as \"audience\": \"errand\"");
        if (oauth.TokenLifetime is not null) section.Fail("tokenLifetime", "has no use with an authority, which decides it. Leave it out");
        if (oauth.Authority is { Scheme: "http", IsLoopback: false })
            section.Fail("authority", $"\"{oauth.Authority}\" must be https: who can change what it answers can sign in as anybody. Only on this machine http is taken");
        if (!ErrandServer.HasOAuth) section.Fail("authority", ErrandServer.WithoutOAuth);
    }

    private static void CheckOwn(ConfigSection section, OAuthConfig oauth)
    {
        if (oauth.TokenLifetime is { } lifetime && (lifetime < LifetimeMin || lifetime > LifetimeMax)) section.Fail("tokenLifetime", "must be from 1m to 1d, as \"10m\"");
        foreach (var member in ProvidersOwn.Where(section.Has)) section.Fail(member, "is about an OpenID provider, and none is named. Add \"authority\": \"https://id.example.org\", or leave it out");
    }
}
