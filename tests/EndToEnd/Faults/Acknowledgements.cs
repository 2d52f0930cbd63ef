namespace Errand.EndToEnd.Tests.Faults;

/// <summary>When submits were made that were acknowledged, when that was, and by which node.</summary>
internal sealed class Acknowledgements
{
    private readonly Lock _gate = new();
    private readonly List<(int Node, long Begun, long At)> _all = [];

    public int Count
    {
        get
        {
            lock (_gate) return _all.Count;
        }
    }

    public void Add(int node, long begun)
    {
        lock (_gate) _all.Add((node, begun, TimeProvider.System.GetTimestamp()));
    }

    /// <summary>Whether so many were made after an instant, by so many nodes.</summary>
    public bool HasSince(long instant, int submits, int nodes)
    {
        lock (_gate)
        {
            var since = _all.Where(one => one.Begun >= instant).ToList();
            return since.Count >= submits && since.Select(one => one.Node).Distinct().Count() >= nodes;
        }
    }

    public int CountSince(long instant)
    {
        lock (_gate) return _all.Count(one => one.Begun >= instant);
    }

    /// <summary>When the first was acknowledged of those that were made after an instant.</summary>
    public long? FirstSince(long instant)
    {
        lock (_gate) return _all.Where(one => one.Begun >= instant).Select(one => (long?)one.At).Min();
    }
}
