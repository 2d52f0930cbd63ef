using Errand.Hosting;
using Errand.Storage;

namespace Errand.Catalog;

/// <summary>Notices within a second that another process or node has changed a queue or a type.</summary>
internal sealed class CatalogRefresh(IJobStorage storage, TypeCatalog types, QueueCatalog queues) : ISweep
{
    private long? _stamp;

    public string Name => "catalog";

    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var stamp = await storage.Security.StampAsync(cancellationToken);
        if (stamp == _stamp) return;
        await types.ReadAsync(cancellationToken);
        await queues.ReadAsync(cancellationToken);
        _stamp = stamp;
    }
}
