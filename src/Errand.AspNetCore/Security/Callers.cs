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

        if (IsSignedIn(http)) return options.MapPrincipal?.Invoke(http.User);

        // Credentials that nobody knows are a mistake to tell, not a reason to go on without.
        return http.Request.Headers.Authorization.Count == 0 ? options.Anonymous : null;
    }

    /// <summary>The caller, if an access token says so that is in memory and still holds; null means that it must be asked for.</summary>
    public ErrandPrincipal? Known(HttpContext http) => tokens.Known(BearerToken.In(http.Request));

    /// <summary>Why a request has no caller, and the line that is missing, if one is.</summary>
    public ApiProblem Refusal(HttpContext http) => (IsSignedIn(http), options.MapPrincipal) switch
    {
        (true, null) => new ApiProblem(
            ProblemCatalog.CallerNotMapped,
            "This app has signed you in, but does not say whose jobs are yours. Add to it: .AddErrandApi(o => o.MapPrincipal = "
            + "user => new ErrandPrincipal(\"default\", user.FindFirst(\"sub\")!.Value, ErrandScopes.Default))."),
        (true, _) => new ApiProblem(ProblemCatalog.CallerNotMapped, "This app has signed you in, but MapPrincipal of its AddErrandApi gives you no jobs."),
        _ => new ApiProblem(
            ProblemCatalog.Unauthenticated,
            "Send a valid access token: Authorization: Bearer errand_… . Make one with: errand token create --subject NAME. In an app that signs its users in, "
            + "set MapPrincipal in AddErrandApi; to let everyone in: .AddErrandApi(o => o.Anonymous = ErrandPrincipal.Everyone)."),
    };

    private static bool IsSignedIn(HttpContext http) => http.User.Identity is { IsAuthenticated: true };
}
