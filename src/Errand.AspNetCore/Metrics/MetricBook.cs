using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Errand.AspNetCore;

/// <summary>
/// Listens to the instruments of Errand, of the runtime and of the web server, and keeps their numbers for whoever scrapes. It exists only
/// where somebody asked for it; without it nobody listens and the instruments cost a flag check.
/// </summary>
internal sealed class MetricBook : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, Metric> _metrics = new();
    private readonly IMeterFactory? _factory;
    private readonly Lock _reading = new();
    private int _generation;

    public MetricBook(IMeterFactory? factory = null)
    {
        _factory = factory;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsWanted(instrument.Meter)) listener.EnableMeasurementEvents(instrument, _metrics.GetOrAdd(instrument, static i => new Metric(i)));
        };
        _listener.MeasurementsCompleted = (instrument, _) => _metrics.TryRemove(instrument, out var _);
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record((double)value, tags, state));
        _listener.Start();
    }

    /// <summary>Asks the observable instruments and writes everything as Prometheus text.</summary>
    public string Scrape()
    {
        lock (_reading)
        {
            _generation++;
            _listener.RecordObservableInstruments();
            return PrometheusText.Write(_metrics.Values, _generation);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        ((Metric)state!).Record(value, tags, _generation);

    // A meter of a factory belongs to one host; several may live in one process.
    private bool IsWanted(Meter meter) =>
        (meter.Scope is null || _factory is null || ReferenceEquals(meter.Scope, _factory))
        && (meter.Name is "Errand" or "System.Runtime" or "Microsoft.AspNetCore.Server.Kestrel"
            || meter.Name.StartsWith("Errand.", StringComparison.Ordinal));
}
