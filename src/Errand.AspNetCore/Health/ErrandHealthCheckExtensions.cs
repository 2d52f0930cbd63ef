using Errand.AspNetCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Errand to the app's own health report.</summary>
public static class ErrandHealthCheckExtensions
{
    /// <summary>
    /// Adds the checks <c>errand</c> (tag <c>live</c>: the process answers), <c>errand-store</c> (tag <c>ready</c>: the store answers and has
    /// room, the engine runs) and <c>errand-work</c> (tag <c>work</c>: some worker lives and no job waits for too long). The last one says
    /// nothing about whether this process can take requests, so it is not <c>ready</c>.
    /// </summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="configure">Sets the thresholds.</param>
    public static IHealthChecksBuilder AddErrand(this IHealthChecksBuilder builder, Action<ErrandHealthCheckOptions>? configure = null)
    {
        builder.Services.AddOptions<ErrandHealthCheckOptions>();
        if (configure is not null) builder.Services.Configure(configure);
        builder.Services.TryAddSingleton(TimeProvider.System);
        return builder
            .AddCheck<LiveHealthCheck>("errand", HealthStatus.Unhealthy, ["live", "errand"])
            .AddCheck<StoreHealthCheck>("errand-store", HealthStatus.Unhealthy, ["ready", "errand"])
            .AddCheck<WorkHealthCheck>("errand-work", HealthStatus.Unhealthy, ["work", "errand"]);
    }
}
