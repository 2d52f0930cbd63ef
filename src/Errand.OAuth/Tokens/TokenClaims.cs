namespace Errand.OAuth;

/// <summary>What the built-in issuer writes into tokens beside the registered names.</summary>
internal static class TokenClaims
{
    /// <summary>Whom its tokens are for.</summary>
    public const string Audience = "errand";

    /// <summary>The tenant, for whoever else reads the token; here the client's own decides.</summary>
    public const string Tenant = "tenant";

    /// <summary>The client's generation: under another one the token is refused.</summary>
    public const string Generation = "gen";
}
