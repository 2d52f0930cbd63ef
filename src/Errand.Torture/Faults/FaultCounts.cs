using System.Collections.Concurrent;

namespace Errand.Torture.Faults;

/// <summary>What was done to whom, how often, and how long it took until all was well again.</summary>
internal sealed class FaultCounts
{
    private readonly ConcurrentDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<TimeSpan> _recoveries = [];

    public IReadOnlyDictionary<string, int> Faults => _faults;

    /// <summary>From a fault of a node until that node acknowledged a submit that was made after it.</summary>
    public IReadOnlyCollection<TimeSpan> Recoveries => _recoveries;

    public void Happened(string what) => _faults.AddOrUpdate(what, 1, (_, n) => n + 1);

    public void Recovered(TimeSpan after) => _recoveries.Add(after);
}
