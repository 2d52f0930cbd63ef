namespace Errand.Storage.Sqlite;

/// <summary>The lanes of a tenant whose jobs a filter can match by their queue and type.</summary>
internal sealed class LanesWanted(Ledger names, JobFilter filter, int tenant)
{
    private readonly Dictionary<int, bool> _known = [];

    /// <summary>False when no job of the tenant was ever of such a queue and type: there is nothing to look for.</summary>
    public bool Exist => (filter.Queues.Count == 0 && filter.Types.Count == 0) || names.Lanes.All.Any(Matches);

    public bool Has(int number)
    {
        if (!_known.TryGetValue(number, out var matches)) _known[number] = matches = Matches(names.Lanes[number]);
        return matches;
    }

    private bool Matches(Lane lane) =>
        lane.Tenant == tenant
        && (filter.Queues.Count == 0 || filter.Queues.Contains(lane.Queue))
        && (filter.Types.Count == 0 || filter.Types.Any(pattern => IsType(lane.Type, pattern)));

    private static bool IsType(string type, string pattern) =>
        pattern.EndsWith('*') ? type.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : type == pattern;
}
