using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Tells who calls, the same way on every wire: an access token of Errand's, other credentials that a reader knows, or the user that the app has signed in.</summary>
internal sealed class Callers(AccessTokens tokens, IEnumerable<ICredentialReader> readers, ErrandApiOptions options)
{
    private readonly ICredentialReader[] readers = [.. readers];

    public async ValueTask<ErrandPrincipal?> AuthenticateAsync(HttpContext http)
    {
        if (BearerToken.Of(http.Request) is { } text && await tokens.AuthenticateAsync(text, http.RequestAborted) is { } caller) return caller;
        foreach (var reader in readers)
        {
            if (await reader.ReadAsync(http) is { } known) return known;
        }

        return options.MapPrincipal is { } map && http.User.Identity is { IsAuthenticated: true } ? map(http.User) : null;
    }
}
