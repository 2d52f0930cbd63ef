namespace Errand.Clients;

/// <summary>The versions that a stream has given of the jobs it spoke of last; bounded, since a stream has no end.</summary>
internal sealed class GivenVersions
{
    private const int Kept = 8_192;

    private readonly Dictionary<JobId, long> _versions = [];
    private readonly Queue<JobId> _order = [];

    public bool Has(JobId job, long version) => _versions.TryGetValue(job, out var given) && given >= version;

    /// <summary>False when this version or a later one was given before.</summary>
    public bool Add(JobId job, long version)
    {
        if (Has(job, version)) return false;
        if (!_versions.ContainsKey(job)) _order.Enqueue(job);
        _versions[job] = version;
        if (_order.Count > Kept) _versions.Remove(_order.Dequeue());
        return true;
    }
}
