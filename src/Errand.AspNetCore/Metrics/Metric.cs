using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Errand.AspNetCore;

/// <summary>What kind of numbers an instrument gives.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One instrument with its series. Thread-safe.</summary>
internal sealed class Metric
{
    /// <summary>More series than this are a mistake somewhere: the rest is counted as one.</summary>
    public const int SeriesMost = 2_000;

    private static readonly double[] Usual = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("otel.metric.overflow", "true")];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _series = new(TagSetComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _bySpan;
    private readonly bool _adds;
    private readonly bool _observable;

    public Metric(Instrument instrument)
    {
        _bySpan = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        Name = instrument.Name;
        Unit = instrument.Unit;
        Description = instrument.Description;
        _observable = instrument.IsObservable;
        var type = instrument.GetType();
        type = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        Kind = type == typeof(Histogram<>) ? MetricKind.Histogram
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
        _adds = type == typeof(Counter<>) || type == typeof(UpDownCounter<>);
        Bounds = Kind is MetricKind.Histogram ? BoundsOf(instrument) : [];
    }

    public string Name { get; }

    public string? Unit { get; }

    public string? Description { get; }

    public MetricKind Kind { get; }

    public double[] Bounds { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, int generation)
    {
        var series = Find(tags);
        if (Kind is MetricKind.Histogram) series.Observe(value);
        else if (_adds) series.Add(value);
        else series.Set(value, generation);
    }

    public IEnumerable<Series> Read(int generation) => _series.Values.Where(series => !_observable || series.Generation == generation);

    private Series Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_bySpan.TryGetValue(tags, out var known)) return known;
        var key = _series.Count < SeriesMost ? tags.ToArray() : Overflow;
        return _series.GetOrAdd(key, static (key, bounds) => new Series(key, bounds), Bounds);
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(bound => (double)bound)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(bound => (double)bound)],
        _ => Usual,
    };
}
