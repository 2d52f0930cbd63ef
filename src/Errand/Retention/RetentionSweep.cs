using Errand.Clients;
using Errand.Hosting;
using Errand.Outputs;
using Errand.Storage;
using Errand.Telemetry;

namespace Errand.Retention;

/// <summary>Purges finished jobs that are over, in slices that let others write in between; later forgets that they were there.</summary>
internal sealed class RetentionSweep(IJobStorage storage, FinishedJobs finished, FileRemover files, ErrandMetrics metrics, TimeProvider time) : ISweep
{
    private const int Slice = 500;

    /// <summary>How long a purged job is told from one that never was.</summary>
    public static readonly TimeSpan TombstonesKeptFor = TimeSpan.FromDays(30);

    public string Name => "retention";

    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        while (await RemovedAsync(await PurgeAsync(cancellationToken), cancellationToken))
        {
            await Task.Yield();
        }

        metrics.CleanAt = time.GetTimestamp();
        while (await RemovedAsync(await ForgetAsync(cancellationToken), cancellationToken))
        {
            await Task.Yield();
        }
    }

    private async ValueTask<Purged> PurgeAsync(CancellationToken cancellationToken)
    {
        var purged = await storage.Retention.PurgeExpiredAsync(time.GetUtcNow(), Slice, cancellationToken);
        finished.ForgetAll();
        return purged;
    }

    private ValueTask<Purged> ForgetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return storage.Retention.ForgetAsync(now, now - TombstonesKeptFor, Slice, cancellationToken);
    }

    /// <summary>Deletes the files, now that their rows are gone. True when there may be more.</summary>
    private async ValueTask<bool> RemovedAsync(Purged purged, CancellationToken cancellationToken)
    {
        await files.RemoveAsync(purged.Locations, cancellationToken);
        return purged.Jobs >= Slice;
    }
}
