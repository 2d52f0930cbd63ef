using Errand.Catalog;
using Errand.Sessions;
using Errand.Signals;
using Errand.Storage;
using Errand.Transactions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.Hosting;

/// <summary>
/// Opens the store before any worker or server of the host starts, and stops sweeping after all of them have stopped.
/// </summary>
internal sealed partial class ErrandHost(
    IJobStorage storage, TypeCatalog types, QueueCatalog queues, SessionReaper reaper, EnlistedJobs enlisted, SweepLoop sweeps, HintEar hints, ErrandHealth health,
    ErrandComposition composition, ErrandOptions options, TimeProvider time, ILogger<ErrandHost> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        composition.Start = options.Start;
        composition.StandByIf(BuildTools.Running);
        if (composition.StandBy is { } reason)
        {
            StandsBy(logger, reason);
            return;
        }

        await storage.Schema.MigrateAsync(time.GetUtcNow(), cancellationToken);
        foreach (var type in types.Own) queues.Get(type.Queue);
        await types.SaveAsync(cancellationToken);
        await types.ReadAsync(cancellationToken);
        await queues.ReadAsync(cancellationToken);
        await reaper.RecoverAsync(cancellationToken);
        await TakeOverAsync(cancellationToken);
        await WarnOfUnknownTypesAsync(cancellationToken);
        hints.Start();
        sweeps.Start();
        health.Start();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        health.Drain();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await hints.StopAsync();
        await sweeps.StopAsync();
    }

    [LoggerMessage(1500, LogLevel.Information, "Errand stands by: no store is opened and no job runs here. {Reason}")]
    private static partial void StandsBy(ILogger logger, string reason);

    /// <summary>What an earlier process left in transactions is there before anyone asks for it.</summary>
    private async ValueTask TakeOverAsync(CancellationToken cancellationToken)
    {
        try
        {
            await enlisted.TakeOverAsync(cancellationToken);
        }
        catch (StorageException)
        {
            // The sweep says what is wrong, and tries again.
        }
    }

    /// <summary>A name or alias that was taken away while jobs of it live is a mistake more often than not.</summary>
    private async ValueTask WarnOfUnknownTypesAsync(CancellationToken cancellationToken)
    {
        var live = (await storage.Catalog.CountAsync(null, cancellationToken)).Where(lane => !lane.State.IsTerminal() && lane.Jobs > 0);
        foreach (var lane in live.GroupBy(lane => lane.Type).Where(lane => !types.Runs(lane.Key)))
        {
            NobodyRuns(logger, lane.Sum(one => one.Jobs), lane.Key);
        }
    }

    [LoggerMessage(
        1100, LogLevel.Warning,
        "{Jobs} live jobs are of type '{Type}', which nothing here declares. They wait for a node that does; if it was renamed, add an alias.")]
    private static partial void NobodyRuns(ILogger logger, long jobs, string type);
}
