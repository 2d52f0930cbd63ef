using Errand.Server.Configuration;
using Microsoft.AspNetCore.Builder;
#if ERRAND_OAUTH
using Errand.OAuth;
using Microsoft.Extensions.DependencyInjection;
#endif

namespace Errand.Server.Hosting;

/// <summary>Lets clients get and use signed access tokens, unless the configuration turns that off or this executable was made without.</summary>
internal static class ConfiguredOAuth
{
    public static void Add(IErrandBuilder errand, OAuthConfig config)
    {
#if ERRAND_OAUTH
        if (!config.Enabled) return;
        errand.AddErrandOAuth(oauth =>
        {
            oauth.TokenLifetime = config.TokenLifetime;
            if (config.Authority is not { } authority) return;
            var provider = new ExternalProvider(authority, config.Audience) { TenantClaim = config.TenantClaim };
            oauth.Provider = config.RolesClaim is { } claim ? provider with { RolesClaim = claim } : provider;
        });
#endif
    }

    public static void Map(WebApplication app, OAuthConfig config)
    {
#if ERRAND_OAUTH
        if (config.Enabled) app.MapErrandOAuth();
#endif
    }
}
