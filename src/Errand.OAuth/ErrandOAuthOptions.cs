namespace Errand.OAuth;

/// <summary>Who issues the access tokens of clients: this installation itself, or an OpenID provider elsewhere.</summary>
public sealed class ErrandOAuthOptions
{
    /// <summary>
    /// How long an access token of the built-in issuer holds, from a minute to a day. Default: null, as long as the vendor whose address was asked documents: 599 seconds at <c>/oauth2/token</c> and
    /// <c>/iam/v1/oauth2/token</c>, an hour at <c>/webapi/oauth2/token</c> and <c>/oauth/tokens</c>.
    /// </summary>
    public TimeSpan? TokenLifetime { get; set; }

    /// <summary>The OpenID provider whose access tokens are taken in place of those of the built-in issuer, which then has no addresses. Default: null, the built-in one.</summary>
    public ExternalProvider? Provider { get; set; }

    internal IEnumerable<string> Mistakes()
    {
        if (TokenLifetime is { } lifetime && (lifetime < TimeSpan.FromMinutes(1) || lifetime > TimeSpan.FromDays(1)))
            yield return $"ErrandOAuthOptions.TokenLifetime must be from a minute to a day, not {lifetime}.";
        if (Provider is not { } provider) yield break;
        if (provider.Fault() is { } fault) yield return $"ErrandOAuthOptions.Provider: {fault}";
        if (TokenLifetime is not null) yield return "ErrandOAuthOptions.TokenLifetime is for the built-in issuer; with a Provider that one decides. Leave one of the two out.";
    }
}

/// <summary>An OpenID provider: what its signed access tokens say is believed.</summary>
/// <param name="Authority">Its address, below which <c>/.well-known/openid-configuration</c> lies: https, or http on this machine.</param>
/// <param name="Audience">Whom its tokens must be for: the name that the provider knows this installation by.</param>
public sealed record ExternalProvider(Uri Authority, string Audience)
{
    /// <summary>The claim that names the tenant; a token without it speaks for the tenant <c>default</c>. Default: null, no claim does.</summary>
    public string? TenantClaim { get; init; }

    /// <summary>The claim that lists roles, see <see cref="Errand.AspNetCore.ErrandRoles"/>; roles of other names are passed over. Default: <c>roles</c>.</summary>
    public string RolesClaim { get; init; } = "roles";

    internal string? Fault()
    {
        if (!Authority.IsAbsoluteUri || Authority.Scheme is not ("https" or "http")) return $"the authority must be an absolute https address, not '{Authority}'.";
        if (Authority.Scheme == "http" && !Authority.IsLoopback) return $"the authority must be reached by https, not '{Authority}': who can change its answers can sign in as anybody.";
        if (Audience.Length == 0) return "the audience is empty. Name what the provider puts into the 'aud' of tokens for this installation.";
        return RolesClaim.Length == 0 || TenantClaim is "" ? "a claim's name is empty." : null;
    }
}
