using Errand.Hosting;
using Errand.Storage;
using Errand.Submits;

namespace Errand.Telemetry;

/// <summary>How a queue stands.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Depth">Jobs that wait.</param>
/// <param name="OldestAge">How long the oldest due job has waited, in seconds.</param>
internal readonly record struct QueueFigure(string Queue, long Depth, double OldestAge);

/// <summary>Waiting jobs of a type that no living worker runs.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Type">The type.</param>
/// <param name="Jobs">How many.</param>
internal readonly record struct UnclaimableFigure(string Queue, string Type, long Jobs);

/// <summary>Reads the figures for the gauges, which cannot wait for a store. Only while somebody listens.</summary>
internal sealed class QueueFigures : ISweep
{
    private readonly IJobStorage _storage;
    private readonly ErrandMetrics _metrics;
    private readonly TimeProvider _time;

    public QueueFigures(IJobStorage storage, ErrandMetrics metrics, SubmitGate submits, TimeProvider time)
    {
        (_storage, _metrics, _time) = (storage, metrics, time);
        metrics.Live = new LiveFigures(storage.Name, () => submits.Held, time);
    }

    public string Name => "figures";

    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        if (!_metrics.WantsFigures) return;
        var now = _time.GetUtcNow();
        var lanes = await _storage.Catalog.CountAsync(null, cancellationToken);
        _metrics.Figures = await QueuesAsync(lanes, now, cancellationToken);
        _metrics.Unclaimable = await UnclaimableAsync(lanes, now, cancellationToken);
        _metrics.Store = (await _storage.Schema.CheckAsync(cancellationToken)).Figures;
    }

    private async ValueTask<List<QueueFigure>> QueuesAsync(
        IReadOnlyList<LaneCount> lanes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<QueueFigure> figures = [];
        foreach (var queue in lanes.GroupBy(lane => lane.Queue))
        {
            var oldest = await _storage.Catalog.OldestDueAsync(queue.Key, now, cancellationToken);
            var depth = queue.Where(lane => lane.State == JobState.Queued).Sum(lane => lane.Jobs);
            figures.Add(new QueueFigure(queue.Key, depth, oldest is { } due ? Math.Max(0, (now - due).TotalSeconds) : 0));
        }

        return figures;
    }

    private async ValueTask<List<UnclaimableFigure>> UnclaimableAsync(
        IReadOnlyList<LaneCount> lanes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var runnable = (await _storage.Sessions.ListAsync(cancellationToken)).Where(session => session.ExpiresAt > now)
            .SelectMany(session => session.Types).ToHashSet(StringComparer.Ordinal);
        return lanes.Where(lane => lane is { State: JobState.Queued, Jobs: > 0 } && !runnable.Contains(lane.Type))
            .GroupBy(lane => (lane.Queue, lane.Type))
            .Select(group => new UnclaimableFigure(group.Key.Queue, group.Key.Type, group.Sum(lane => lane.Jobs))).ToList();
    }
}
