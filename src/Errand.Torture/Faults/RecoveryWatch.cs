namespace Errand.Torture.Faults;

/// <summary>Waits for the first acknowledgement of each node after a fault.</summary>
internal sealed class RecoveryWatch(FaultCounts counts, int nodes)
{
    private readonly Lock _gate = new();
    private readonly long?[] _since = new long?[nodes];

    /// <summary>A node that was hit has not acknowledged anything since.</summary>
    public bool Waits
    {
        get
        {
            lock (_gate) return _since.Any(since => since is not null);
        }
    }

    /// <summary>A node has been hit. Hit again before it recovered, it counts from the first time.</summary>
    public void Hit(int node)
    {
        lock (_gate) _since[node] ??= TimeProvider.System.GetTimestamp();
    }

    /// <summary>A node acknowledged a submit.</summary>
    public void Acknowledged(int node, long begun)
    {
        lock (_gate)
        {
            if (_since[node] is not { } since || begun < since) return;
            _since[node] = null;
            counts.Recovered(TimeProvider.System.GetElapsedTime(since));
        }
    }
}
