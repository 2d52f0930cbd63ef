using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Errand.AspNetCore;

/// <summary>Some worker beats, and no job waits for too long.</summary>
internal sealed class WorkHealthCheck(IJobQueues queues, IOptions<ErrandHealthCheckOptions> options, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var workers = (await queues.ListWorkersAsync(cancellationToken)).Count(worker => worker.ExpiresAt > now);
        var oldest = (await queues.ListAsync(tenant: null, cancellationToken))
            .Where(queue => !queue.Settings.Paused && queue.OldestDueAt is not null)
            .MinBy(queue => queue.OldestDueAt);
        var age = oldest?.OldestDueAt is { } due && due < now ? now - due : TimeSpan.Zero;
        return Judge(context, workers, age, oldest?.Settings.Name);
    }

    private HealthCheckResult Judge(HealthCheckContext context, int workers, TimeSpan age, string? queue)
    {
        var manners = options.Value;
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["workers"] = workers, ["oldest_waiting_seconds"] = age.TotalSeconds };
        var waits = $"A job of the queue '{queue}' has been due for {age.TotalSeconds:0} seconds; 'errand why ID' tells what it waits for.";
        if (age >= manners.WaitingUnhealthy) return new HealthCheckResult(context.Registration.FailureStatus, waits, data: data);
        if (age >= manners.WaitingDegraded) return HealthCheckResult.Degraded(waits, data: data);
        if (manners.NeedsWorker && workers == 0) return HealthCheckResult.Degraded(
            "No worker lives: jobs are accepted and none is run. Start one, or set NeedsWorker = false.", data: data);
        return HealthCheckResult.Healthy(data: data);
    }
}
