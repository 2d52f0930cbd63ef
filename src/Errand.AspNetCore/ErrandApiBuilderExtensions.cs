using System.Diagnostics.CodeAnalysis;
using Errand;
using Errand.AspNetCore;
using Errand.Configuration;
using Errand.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the HTTP API.</summary>
public static class ErrandApiBuilderExtensions
{
    /// <summary>Adds what <c>app.MapErrand()</c> needs: access tokens, the native API, its OpenAPI document.</summary>
    public static IErrandBuilder AddErrandApi(this IErrandBuilder builder, Action<ErrandApiOptions>? configure = null)
    {
        var services = builder.Services;
        if (services.All(service => service.ServiceType != typeof(ErrandApi)))
        {
            services.AddOptions<ErrandApiOptions>().ValidateOnStart();
            services.AddSection(ErrandApiSection.Name, ErrandApiSection.Keys);
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ErrandApiOptions>, ErrandApiOptionsRules>());
            services.AddOptions<ErrandIdentityOptions>().ValidateOnStart();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ErrandIdentityOptions>, ErrandIdentityOptionsRules>());
        }

        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        AddIdentity(services);
        services.TryAddSingleton<ErrandApi>();
        return builder;
    }

    /// <summary>Names clients, users and collections beside those of the store.</summary>
    public static IErrandBuilder AddErrandIdentity(this IErrandBuilder builder, Action<ErrandIdentityOptions> configure)
    {
        builder.Services.Configure(configure);
        return builder;
    }

    // They share one stamp: one look at the store a second, however many caches hang on it.
    private static void AddIdentity(IServiceCollection services)
    {
        services.TryAddSingleton(provider => new SecurityStamp(provider.GetRequiredService<IJobStorage>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new AccessTokens(
            provider.GetRequiredService<IJobStorage>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SecurityStamp>()));
        services.TryAddSingleton(provider => new OAuthClients(
            provider.GetRequiredService<IJobStorage>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SecurityStamp>(), Identity(provider)));
        services.TryAddSingleton(provider => new JobCollections(provider.GetRequiredService<IJobStorage>(), provider.GetRequiredService<SecurityStamp>(), Identity(provider)));
        services.TryAddSingleton<ICollections>(provider => provider.GetRequiredService<JobCollections>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICredentialReader, BasicCredentials>(provider => new BasicCredentials(
            provider.GetRequiredService<AccessTokens>(), provider.GetRequiredService<TimeProvider>(), Identity(provider))));
    }

    private static ErrandIdentityOptions Identity(IServiceProvider provider) => provider.GetRequiredService<IOptions<ErrandIdentityOptions>>().Value;

    /// <summary>
    /// Makes the access tokens a scheme for endpoints of the app's own: <c>services.AddAuthentication().AddErrandTokens()</c>. The API itself needs no scheme.
    /// </summary>
    public static AuthenticationBuilder AddErrandTokens(this AuthenticationBuilder builder) =>
        builder.AddScheme<AuthenticationSchemeOptions, AccessTokenHandler>(ErrandAuthentication.Scheme, null);

    /// <summary>Adds a wire format, to be mapped by its name: <c>app.MapErrandDialect("/compat", "name")</c>.</summary>
    public static IErrandBuilder AddDialect<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDialect>(this IErrandBuilder builder)
        where TDialect : class, IWireDialect
    {
        builder.Services.AddSingleton<IWireDialect, TDialect>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, DialectErrors>());
        return builder;
    }
}
