using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.Handlers;

/// <summary>At start, ends what commands of a crashed process left running, before their jobs run again.</summary>
internal sealed class CommandReaper(IEnumerable<CommandHandlerOptions> commands, ILogger<CommandReaper> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var root in commands.Select(command => command.WorkRoot).Distinct(StringComparer.Ordinal)) WorkFolder.Reap(root, logger);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
