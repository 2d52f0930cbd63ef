using Errand.Catalog;
using Errand.Storage;
using Errand.Submits;
using Errand.Work;

namespace Errand.Clients;

internal sealed class LocalJobQueues(
    IJobStorage storage, QueueCatalog queues, TypeCatalog types, LiveSessions sessions, TimeProvider time) : IJobQueues
{
    public async ValueTask<IReadOnlyList<QueueStatus>> ListAsync(string? tenant, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var known = (await storage.Catalog.ListQueuesAsync(cancellationToken)).ToDictionary(queue => queue.Name);
        foreach (var type in types.All) known.TryAdd(type.Queue, new QueueSettings(type.Queue));
        var counts = (await storage.Catalog.CountAsync(tenant, cancellationToken)).ToLookup(lane => lane.Queue);
        List<QueueStatus> statuses = [];
        foreach (var queue in known.Values.OrderBy(queue => queue.Name, StringComparer.Ordinal))
        {
            statuses.Add(new QueueStatus(
                queue,
                counts[queue.Name].Where(lane => lane.State == JobState.Queued).Sum(lane => lane.Jobs),
                counts[queue.Name].Where(lane => lane.State.IsClaimed()).Sum(lane => lane.Jobs),
                await storage.Catalog.OldestDueAsync(queue.Name, now, cancellationToken)));
        }

        return statuses;
    }

    public async ValueTask<QueueSettings> SaveAsync(QueueSettings settings, CancellationToken cancellationToken = default)
    {
        List<JobFieldError> errors = [];
        if (!JobNames.IsTypeOrQueue(settings.Name))
        {
            errors.Add(new JobFieldError("#/name", "A queue is 1 to 128 of a-z, 0-9, '.', '_' and '-', beginning with a letter: 'bulk'."));
        }

        if (settings.MaxConcurrency is < 1 or > 1_000_000)
        {
            errors.Add(
                new JobFieldError("#/maxConcurrency",
                "maxConcurrency must be 1 to 1,000,000; null takes the limit away. To run nothing, pause the queue."));
        }

        if (settings.Rate is { } rate && !(rate is > 0 and <= 1_000_000))
        {
            errors.Add(
                new JobFieldError("#/rate",
                "The rate must be more than 0 and at most 1,000,000 jobs a second; null takes it away. To run nothing, pause the queue."));
        }

        if (errors.Count > 0) throw new JobProblemException(SubmitChecks.Invalid(errors));
        await queues.SaveAsync(settings, cancellationToken);
        sessions.Wake(settings.Name);
        return settings;
    }

    public ValueTask<IReadOnlyList<LaneCount>> CountAsync(string? tenant, CancellationToken cancellationToken = default) =>
        storage.Catalog.CountAsync(tenant, cancellationToken);

    public ValueTask<IReadOnlyList<WorkerSession>> ListWorkersAsync(CancellationToken cancellationToken = default) =>
        storage.Sessions.ListAsync(cancellationToken);
}
