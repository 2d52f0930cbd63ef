using System.Collections.Concurrent;

namespace Errand.Storage.Sqlite;

/// <summary>Every lane. Only the writer adds and counts; readers look up what a row's lane number means.</summary>
internal sealed class Lanes
{
    private readonly Dictionary<(int Tenant, string Queue, string Type), Lane> _byNames = [];
    private readonly Dictionary<string, List<Lane>> _byQueue = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, Lane> _byNumber = new();
    private int _last;

    public IEnumerable<Lane> All => _byNumber.Values;

    public Lane this[int number] => _byNumber[number];

    public IReadOnlyList<Lane> OfQueue(string queue) => _byQueue.GetValueOrDefault(queue) ?? [];

    public Lane Find(int tenant, string tenantName, string queue, string type)
    {
        if (_byNames.TryGetValue((tenant, queue, type), out var lane)) return lane;
        lane = new Lane(_last + 1, tenant, tenantName, queue, type);
        Load(lane);
        return lane;
    }

    public void Load(Lane lane)
    {
        _last = Math.Max(_last, lane.Number);
        _byNumber[lane.Number] = lane;
        _byNames[(lane.Tenant, lane.Queue, lane.Type)] = lane;
        if (!_byQueue.TryGetValue(lane.Queue, out var lanes)) _byQueue[lane.Queue] = lanes = [];
        lanes.Add(lane);
    }
}
