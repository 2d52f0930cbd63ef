using Errand.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Errand.AspNetCore;

/// <summary>The store answers and has room, and the engine runs.</summary>
internal sealed class StoreHealthCheck(IErrandHealth health, IOptions<ErrandHealthCheckOptions> options, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!health.Started) return Bad(context, "The engine has not started yet.");
        if (health.Draining) return Bad(context, "The host is shutting down.");
        try
        {
            var store = await health.CheckAsync(cancellationToken).AsTask().WaitAsync(options.Value.StoreTimeout, time, cancellationToken);
            var status = store.Status switch
            {
                StorageStatus.Healthy => HealthStatus.Healthy,
                StorageStatus.Degraded => HealthStatus.Degraded,
                _ => context.Registration.FailureStatus,
            };
            var figures = store.Figures.ToDictionary(figure => figure.Key, object (figure) => figure.Value, StringComparer.Ordinal);
            return new HealthCheckResult(status, store.Reasons.Count == 0 ? null : string.Join(' ', store.Reasons), data: figures);
        }
        catch (TimeoutException e)
        {
            return Bad(context, $"The store did not answer within {options.Value.StoreTimeout.TotalSeconds:0.#} seconds.", e);
        }
        catch (StorageException e)
        {
            return Bad(context, e.Message, e);
        }
    }

    private static HealthCheckResult Bad(HealthCheckContext context, string why, Exception? exception = null) =>
        new(context.Registration.FailureStatus, why, exception);
}
