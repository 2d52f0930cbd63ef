using Errand.Server.Configuration;
using Errand.Storage;
using Microsoft.Extensions.Hosting;

namespace Errand.Server.Hosting;

/// <summary>
/// Sets the limits of the queues that the configuration names, before the first claim. Whether a queue is paused is left to the operator
/// unless the configuration says it.
/// </summary>
internal sealed class QueueSetup(IJobQueues queues, ServerConfig config) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (config.Queues.Count == 0) return;
        var known = (await queues.ListAsync(tenant: null, cancellationToken)).ToDictionary(
            queue => queue.Settings.Name, queue => queue.Settings, StringComparer.Ordinal);
        foreach (var queue in config.Queues)
        {
            var before = known.GetValueOrDefault(queue.Name);
            var wanted = new QueueSettings(queue.Name, queue.Paused ?? before?.Paused ?? false, queue.Concurrency, queue.Rate);
            if (wanted != before) await queues.SaveAsync(wanted, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
