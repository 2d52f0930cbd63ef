using System.Collections.Concurrent;
using System.Collections.Immutable;
using Errand.Limits;
using Errand.Storage;

namespace Errand.Catalog;

/// <summary>The queues that this node has heard of, with their settings as last read.</summary>
internal sealed class QueueCatalog(IJobStorage storage, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, QueueState> _queues = new(StringComparer.Ordinal);
    private ImmutableArray<string> _names = [];

    /// <summary>Every known queue, by name.</summary>
    public ImmutableArray<string> Names => _names;

    /// <summary>The state of a queue, which is known from now on.</summary>
    public QueueState Get(string name) => _queues.TryGetValue(name, out var state) ? state : Add(name);

    /// <summary>Reads settings, and the names of queues that hold jobs.</summary>
    public async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in await storage.Catalog.ListQueuesAsync(cancellationToken)) Get(queue.Name).Apply(queue);
    }

    /// <summary>Stores settings; this node's next claim obeys them.</summary>
    public async ValueTask SaveAsync(QueueSettings settings, CancellationToken cancellationToken)
    {
        await storage.Catalog.SaveQueueAsync(settings, cancellationToken);
        Get(settings.Name).Apply(settings);
    }

    private QueueState Add(string name)
    {
        var state = _queues.GetOrAdd(name, static (key, clock) => new QueueState(new QueueSettings(key), clock), time);
        ImmutableInterlocked.Update(
            ref _names, static (names, added) => names.Contains(added) ? names : names.Add(added).Sort(StringComparer.Ordinal), name);
        return state;
    }
}
