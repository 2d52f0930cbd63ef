using Errand;
using Errand.Client;
using Errand.Client.Work;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a server elsewhere as the place where jobs come from.</summary>
public static class ErrandRemoteServices
{
    /// <summary>
    /// Takes jobs from a server over HTTP, in place of <c>AddErrand()</c>: <c>services.AddErrandRemote(o =&gt; …).AddHandler&lt;ExportReport&gt;().AddWorker()</c>.
    /// The token needs the scope <c>jobs.work</c>; it gives the jobs of its own tenant. Adds <see cref="IErrandClient"/> too.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the address, the token, and manners.</param>
    public static IErrandBuilder AddErrandRemote(this IServiceCollection services, Action<ErrandClientOptions> configure)
    {
        services.AddErrandClient(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IJobSource>(provider => new HttpJobSource(provider.GetRequiredService<IErrandClient>().Api));
        return new RemoteBuilder(services);
    }

    private sealed class RemoteBuilder(IServiceCollection services) : IErrandBuilder
    {
        public IServiceCollection Services => services;
    }
}
