using Errand.Hosting;
using Errand.Storage;
using Errand.Telemetry;

namespace Errand.Retention;

/// <summary>Removes files that no row names: what a crash left between staging and commit.</summary>
internal sealed class OrphanFileSweep(IJobStorage storage, ErrandMetrics metrics, TimeProvider time) : ISweep
{
    /// <summary>No file is written for longer than this: a gigabyte arrives, or its sender has given up.</summary>
    private static readonly TimeSpan StagedAtMostFor = TimeSpan.FromHours(6);

    public string Name => "files";

    public TimeSpan Every => TimeSpan.FromHours(1);

    public async ValueTask SweepAsync(CancellationToken cancellationToken) =>
        metrics.OrphansRemoved(await storage.Files.SweepAsync(time.GetUtcNow() - StagedAtMostFor, cancellationToken));
}
