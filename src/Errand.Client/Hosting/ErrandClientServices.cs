using Errand.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the client of an Errand server.</summary>
public static class ErrandClientServices
{
    /// <summary>
    /// Adds <see cref="IErrandClient"/>, with connections from <see cref="IHttpClientFactory"/>. On what is returned, add what every request
    /// should pass: <c>.AddHttpMessageHandler(…)</c>, <c>.AddStandardResilienceHandler()</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the address, the token, and manners.</param>
    public static IHttpClientBuilder AddErrandClient(this IServiceCollection services, Action<ErrandClientOptions> configure)
    {
        services.TryAddSingleton<IErrandClient>(provider => Create(provider, Options.Options.DefaultName));
        return Add(services, Options.Options.DefaultName, configure);
    }

    /// <summary>Adds one of several clients, under its name: <c>[FromKeyedServices("billing")] IErrandClient</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name.</param>
    /// <param name="configure">Sets the address, the token, and manners.</param>
    public static IHttpClientBuilder AddErrandClient(this IServiceCollection services, string name, Action<ErrandClientOptions> configure)
    {
        services.TryAddKeyedSingleton<IErrandClient>(name, (provider, _) => Create(provider, name));
        return Add(services, name, configure);
    }

    private static IHttpClientBuilder Add(IServiceCollection services, string name, Action<ErrandClientOptions> configure)
    {
        services.AddOptions<ErrandClientOptions>(name).Configure(configure).Validate(
            options => options.BaseAddress is { IsAbsoluteUri: true, Scheme: "http" or "https" },
            "The Errand client has no server: services.AddErrandClient(o => o.BaseAddress = new Uri(\"https://jobs.example.com\")).");
        return services.AddHttpClient(HttpName(name)).ConfigureHttpClient((provider, http) =>
        {
            var options = provider.GetRequiredService<IOptionsMonitor<ErrandClientOptions>>().Get(name);
            HttpJobClient.Prepare(http, options.BaseAddress!, options.Token);
        });
    }

    private static ErrandClient Create(IServiceProvider provider, string name)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<ErrandClientOptions>>().Get(name);
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        return new ErrandClient(new HttpJobClient(
            () => factory.CreateClient(HttpName(name)),
            new HttpJobClientOptions
            {
                Prefix = options.Prefix,
                Retries = options.Retries,
                LongestDelay = options.LongestDelay,
                Timeout = options.Timeout,
                Patience = options.Patience,
                Time = provider.GetService<TimeProvider>() ?? TimeProvider.System,
            }));
    }

    private static string HttpName(string name) => name.Length == 0 ? "errand" : $"errand:{name}";
}
