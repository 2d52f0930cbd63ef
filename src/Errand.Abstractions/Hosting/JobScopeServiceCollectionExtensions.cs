using Errand;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>For the packages that make up a host.</summary>
public static class JobScopeServiceCollectionExtensions
{
    /// <summary>
    /// Adds what handlers and endpoints may ask for in their scope – <see cref="JobContext"/>, <c>IProgress&lt;JobProgress&gt;</c>,
    /// <see cref="JobCaller"/> – and the <see cref="ErrandComposition"/> of the host. <c>AddErrand()</c> and <c>AddWorker()</c> call it.
    /// </summary>
    public static IServiceCollection AddJobScope(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ErrandComposition))) return services;
        services.AddSingleton<ErrandComposition>();
        services.AddSingleton<IHandlerCatalog>(provider => provider.GetRequiredService<ErrandComposition>());
        services.TryAddScoped<JobScope>();
        services.TryAddScoped(provider => provider.GetRequiredService<JobScope>().Context);
        services.TryAddScoped(provider => provider.GetRequiredService<JobScope>().Caller);
        services.TryAddScoped<IProgress<JobProgress>>(provider => provider.GetRequiredService<JobScope>().Context);
        return services;
    }
}
