namespace Errand.OAuth;

/// <summary>An address where tokens are asked for.</summary>
/// <param name="Path">The path.</param>
/// <param name="Lifetime">How long its tokens hold: what the vendor documents whose clients ask there, some of which refresh a minute early and some of which never do.</param>
internal sealed record TokenAddress(string Path, TimeSpan Lifetime)
{
    /// <summary>The first is the one that discovery names.</summary>
    public static IReadOnlyList<TokenAddress> All { get; } =
    [
        new("/oauth2/token", TimeSpan.FromSeconds(599)),
        new("/iam/v1/oauth2/token", TimeSpan.FromSeconds(599)),
        new("/webapi/oauth2/token", TimeSpan.FromHours(1)),
        new("/oauth/tokens", TimeSpan.FromHours(1)),
    ];
}
