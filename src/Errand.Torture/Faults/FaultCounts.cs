using System.Collections.Concurrent;

namespace Errand.Torture.Faults;

/// <summary>What was done to whom, how often, and how long it took until all was well again.</summary>
internal sealed class FaultCounts
{
    private readonly ConcurrentDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<TimeSpan> _recoveries = [];
    private readonly ConcurrentQueue<string> _failed = [];

    public IReadOnlyDictionary<string, int> Faults => _faults;

    /// <summary>From a fault of a node until that node acknowledged a submit that was made after it.</summary>
    public IReadOnlyCollection<TimeSpan> Recoveries => _recoveries;

    /// <summary>Faults that could not be done when it came to it, each with its reason.</summary>
    public IReadOnlyCollection<string> Failed => _failed;

    public void FailedTo(string why) => _failed.Enqueue(why);

    public void Happened(string what) => _faults.AddOrUpdate(what, 1, (_, n) => n + 1);

    public void Recovered(TimeSpan after) => _recoveries.Add(after);
}
