using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Errand.AspNetCore;

/// <summary>The process answers. It asks nobody else: a restart heals no store.</summary>
internal sealed class LiveHealthCheck : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy());
}
