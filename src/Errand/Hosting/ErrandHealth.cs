using Errand.Storage;

namespace Errand.Hosting;

internal sealed class ErrandHealth(IJobStorage storage) : IErrandHealth
{
    private volatile bool _started;
    private volatile bool _draining;

    public bool Started => _started;

    public bool Draining => _draining;

    public ValueTask<StorageHealth> CheckAsync(CancellationToken cancellationToken = default) =>
        storage.Schema.CheckAsync(cancellationToken);

    public void Start() => _started = true;

    public void Drain() => _draining = true;
}
