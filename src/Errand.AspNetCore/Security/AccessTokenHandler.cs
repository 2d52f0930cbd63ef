using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Errand.AspNetCore;

/// <summary>
/// Access tokens as an ASP.NET Core scheme, so that an app can use them on endpoints of its own:
/// <c>RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ErrandAuthentication.Scheme })</c>.
/// </summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerToken.Of(Request) is not { } text) return AuthenticateResult.NoResult();
        var principal = await tokens.AuthenticateAsync(text, Context.RequestAborted);
        return principal is null
            ? AuthenticateResult.Fail("The token is unknown, revoked or over.")
            : AuthenticateResult.Success(new AuthenticationTicket(principal.ToClaims(Scheme.Name), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return base.HandleChallengeAsync(properties);
    }
}

/// <summary>The scheme of Errand's access tokens.</summary>
public static class ErrandAuthentication
{
    /// <summary>Its name.</summary>
    public const string Scheme = "Errand";
}
