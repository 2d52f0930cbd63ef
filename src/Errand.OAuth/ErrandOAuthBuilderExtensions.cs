using Errand;
using Errand.AspNetCore;
using Errand.OAuth;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds OAuth 2.0.</summary>
public static class ErrandOAuthBuilderExtensions
{
    /// <summary>
    /// Lets the API and every dialect take signed access tokens: those that clients get at the addresses of <c>app.MapErrandOAuth()</c>, or those of an OpenID provider elsewhere. Goes with
    /// <c>AddErrandApi()</c>.
    /// </summary>
    public static IErrandBuilder AddErrandOAuth(this IErrandBuilder builder, Action<ErrandOAuthOptions>? configure = null)
    {
        var services = builder.Services;
        services.AddOptions<ErrandOAuthOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ErrandOAuthOptions>, OAuthOptionsRules>());
        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton<OAuthRoom>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICredentialReader, OAuthCredentials>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, LeadingSlashes>());
        return builder;
    }

    private sealed class OAuthOptionsRules : IValidateOptions<ErrandOAuthOptions>
    {
        public ValidateOptionsResult Validate(string? name, ErrandOAuthOptions options) =>
            options.Mistakes().ToList() is { Count: > 0 } mistakes ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
