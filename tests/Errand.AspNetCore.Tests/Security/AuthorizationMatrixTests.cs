using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using System.Security.Claims;
using System.Text.Encodings.Web;

namespace Errand.AspNetCore.Tests;

/// <summary>Whose job it is, under every way in which an app guards a mount.</summary>
public sealed class AuthorizationMatrixTests
{
    /// <summary>guard, whether MapPrincipal is set, who asks (nobody, an app's user, Errand's token) → status.</summary>
    public static TheoryData<string, bool, string, int> Matrix { get; } = new()
    {
        { "none", false, "nobody", 401 }, { "none", false, "user", 403 }, { "none", false, "token", 200 },
        { "none", true, "nobody", 401 }, { "none", true, "user", 200 }, { "none", true, "token", 200 },
        { "fallback", false, "nobody", 401 }, { "fallback", false, "user", 403 }, { "fallback", false, "token", 200 },
        { "fallback", true, "nobody", 401 }, { "fallback", true, "user", 200 }, { "fallback", true, "token", 401 },
        { "require", false, "nobody", 401 }, { "require", false, "user", 403 }, { "require", false, "token", 401 },
        { "require", true, "nobody", 401 }, { "require", true, "user", 200 }, { "require", true, "token", 401 },
        { "policy", true, "user", 403 }, { "policy", true, "chief", 200 },
        { "allow", false, "nobody", 401 }, { "allow", false, "user", 403 }, { "allow", false, "token", 200 },
        { "allow", true, "nobody", 401 }, { "allow", true, "user", 200 }, { "allow", true, "token", 200 },
        { "everyone", true, "nobody", 200 }, { "everyone", true, "user", 200 }, { "everyone", true, "token", 200 }, { "everyone", true, "forged", 401 },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_mount_asks_the_app_first_and_gives_jobs_only_to_whom_the_app_named(string guard, bool mapped, string who, int status)
    {
        await using var host = await ApiServer.StartAsync(new ApiServer
        {
            WithWorker = false,
            Prefix = "/other",
            Configure = options =>
            {
                if (mapped) options.MapPrincipal = user => new ErrandPrincipal("acme", user.Identity!.Name!, ErrandScopes.Default);
                if (guard == "everyone") options.Anonymous = ErrandPrincipal.Everyone;
            },
            ConfigureServices = services =>
            {
                services.AddAuthentication("app").AddScheme<AuthenticationSchemeOptions, HeaderSignIn>("app", null);
                services.AddAuthorization(options =>
                {
                    options.AddPolicy("chiefs", policy => policy.RequireUserName("chief"));
                    if (guard is "fallback" or "allow" or "everyone") options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
                });
            },
            ConfigureApp = app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                var mount = app.MapErrand("/v1");
                if (guard == "require") mount.RequireAuthorization();
                if (guard == "policy") mount.RequireAuthorization("chiefs");
                if (guard is "allow" or "everyone") mount.AllowAnonymous();
            },
        });

        (string, string)[] headers = who switch
        {
            "nobody" => [],
            "token" => [("Authorization", $"Bearer {host.TokenOf("ada")}")],
            "forged" => [("Authorization", "Bearer errand_forged_nothing")],
            _ => [("X-User", who)],
        };
        var answer = await host.As(null).FetchAsync("/v1/jobs", headers);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status is 403 && !mapped) Assert.Contains("o.MapPrincipal = user =>", (await answer.JsonAsync()).Text("detail"), StringComparison.Ordinal);
    }

    private sealed class HeaderSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["X-User"] is not [{ } name]) return Task.FromResult(AuthenticateResult.NoResult());
            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Scheme.Name));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name)));
        }
    }
}
