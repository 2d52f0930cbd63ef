namespace Errand.AspNetCore;

/// <summary>One line of a metric, or the lines of one histogram.</summary>
internal sealed class Series(KeyValuePair<string, object?>[] tags, double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;
    private long _count;

    public KeyValuePair<string, object?>[] Tags => tags;

    /// <summary>In which collection it was last reported; an observable that is silent has nothing to say any more.</summary>
    public int Generation { get; private set; }

    public void Set(double value, int generation)
    {
        lock (_gate) (_value, Generation) = (value, generation);
    }

    public void Add(double value)
    {
        lock (_gate) _value += value;
    }

    public void Observe(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        lock (_gate)
        {
            _buckets[bucket]++;
            _count++;
            _value += value;
        }
    }

    public (double Value, long Count, long[] Buckets) Read()
    {
        lock (_gate) return (_value, _count, [.. _buckets]);
    }
}
