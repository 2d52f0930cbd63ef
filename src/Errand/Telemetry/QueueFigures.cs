using Errand.Hosting;
using Errand.Storage;

namespace Errand.Telemetry;

/// <summary>How a queue stands.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Depth">Jobs that wait.</param>
/// <param name="OldestAge">How long the oldest due job has waited, in seconds.</param>
internal readonly record struct QueueFigure(string Queue, long Depth, double OldestAge);

/// <summary>Reads the figures of the queues for the gauges, which cannot wait for a store. Only while somebody listens.</summary>
internal sealed class QueueFigures(IJobStorage storage, ErrandMetrics metrics, TimeProvider time) : ISweep
{
    public string Name => "figures";

    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        if (!metrics.WantsFigures) return;
        var now = time.GetUtcNow();
        List<QueueFigure> figures = [];
        foreach (var queue in (await storage.Catalog.CountAsync(null, cancellationToken)).GroupBy(lane => lane.Queue))
        {
            var oldest = await storage.Catalog.OldestDueAsync(queue.Key, now, cancellationToken);
            var depth = queue.Where(lane => lane.State == JobState.Queued).Sum(lane => lane.Jobs);
            figures.Add(new QueueFigure(queue.Key, depth, oldest is { } due ? Math.Max(0, (now - due).TotalSeconds) : 0));
        }

        metrics.Figures = figures;
    }
}
