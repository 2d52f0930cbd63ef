using System.Runtime.CompilerServices;
using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Errand.AspNetCore;

/// <summary>The one <see cref="ErrandApi"/> of a host: the registered one, or, where AddErrandApi was left out, one with the defaults.</summary>
internal static class ErrandApiSource
{
    private static readonly ConditionalWeakTable<ErrandComposition, ErrandApi> Made = [];

    /// <exception cref="InvalidOperationException">AddErrand is missing.</exception>
    public static ErrandApi Of(IServiceProvider services)
    {
        if (services.GetService<ErrandApi>() is { } registered) return registered;
        var composition = services.GetService<ErrandComposition>();
        if (composition is null || services.GetService<IServiceProviderIsService>()?.IsService(typeof(IJobClients)) == false)
        {
            throw new InvalidOperationException(
                "Errand is not registered. Add it before the app is built: builder.Services.AddErrand().UseSqlite(\"data\").AddWorker();");
        }

        lock (Made) return Made.GetValue(composition, _ => Make(services));
    }

    private static ErrandApi Make(IServiceProvider services)
    {
        var (storage, time) = (services.GetRequiredService<IJobStorage>(), services.GetRequiredService<TimeProvider>());
        return new ErrandApi(
            services.GetRequiredService<IJobClients>(), services.GetRequiredService<IJobTypes>(), services.GetRequiredService<IJobQueues>(),
            services.GetRequiredService<IErrandHealth>(), services.GetRequiredService<IJobSource>(), services.GetRequiredService<IHeldClaims>(), storage,
            services.GetService<AccessTokens>() ?? new AccessTokens(storage, time), services.GetServices<ICredentialReader>(), time,
            services.GetRequiredService<IOptions<ErrandApiOptions>>(), services.GetRequiredService<ILogger<ErrandApi>>(),
            services.GetRequiredService<IHostApplicationLifetime>());
    }
}
