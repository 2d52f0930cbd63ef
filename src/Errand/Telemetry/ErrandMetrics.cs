using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Errand.Telemetry;

/// <summary>The engine's instruments. Each costs a flag check while nobody listens.</summary>
internal sealed class ErrandMetrics : IDisposable
{
    private static readonly double[] Seconds = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600, 3_600, 14_400, 86_400];

    private readonly Meter _meter;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _finished;
    private readonly Counter<long> _lost;
    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _operation;
    private readonly ObservableGauge<long> _depth;
    private readonly ObservableGauge<double> _oldest;
    private readonly ObservableGauge<long> _unclaimable;
    private readonly ObservableGauge<long> _store;
    private readonly Counter<long> _orphans;

    public ErrandMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(new MeterOptions(ErrandTelemetry.MeterName)) ?? new Meter(ErrandTelemetry.MeterName);
        _sent = _meter.CreateCounter<long>(ErrandTelemetry.SentMessages, "{message}");
        _consumed = _meter.CreateCounter<long>(ErrandTelemetry.ConsumedMessages, "{message}");
        _retries = _meter.CreateCounter<long>(ErrandTelemetry.JobRetries, "{job}");
        _finished = _meter.CreateCounter<long>(ErrandTelemetry.JobFinished, "{job}");
        _lost = _meter.CreateCounter<long>(ErrandTelemetry.LeaseLost, "{job}");
        _active = _meter.CreateUpDownCounter<long>(ErrandTelemetry.JobActive, "{job}");
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds };
        _wait = _meter.CreateHistogram(ErrandTelemetry.QueueWaitDuration, "s", null, null, advice);
        _operation = _meter.CreateHistogram(ErrandTelemetry.OperationDuration, "s", null, null, advice);
        _depth = _meter.CreateObservableGauge(
            ErrandTelemetry.QueueDepth, () => Figures.Select(f => new Measurement<long>(f.Depth, Queue(f.Queue))), "{job}");
        _oldest = _meter.CreateObservableGauge(
            ErrandTelemetry.QueueOldestAge, () => Figures.Select(f => new Measurement<double>(f.OldestAge, Queue(f.Queue))), "s");
        _unclaimable = _meter.CreateObservableGauge(
            ErrandTelemetry.QueueUnclaimable,
            () => Unclaimable.Select(f => new Measurement<long>(f.Jobs, Queue(f.Queue), new(ErrandTelemetry.JobType, f.Type))), "{job}");
        _store = _meter.CreateObservableGauge(ErrandTelemetry.StoreWalSize, () => Stored("wal_bytes"), "By");
        _meter.CreateObservableGauge(ErrandTelemetry.StoreDiskFree, () => Stored("disk_free_bytes"), "By");
        _meter.CreateObservableGauge(ErrandTelemetry.SubmitOutstanding, () => Live.Submits().Jobs, "{job}");
        _meter.CreateObservableGauge(ErrandTelemetry.SubmitOutstandingSize, () => Live.Submits().Bytes, "By");
        _meter.CreateObservableGauge(ErrandTelemetry.SubmitWaiting, () => Live.Submits().Waiting, "{request}");
        _meter.CreateObservableGauge(ErrandTelemetry.RetentionLag, () => Live.Since(CleanAt), "s");
        _meter.CreateObservableGauge(ErrandTelemetry.ClockSkew, () => Live.Skew(), "s");
        _meter.CreateObservableGauge(ErrandTelemetry.BuildInfo, () => new Measurement<int>(1, Live.Build), "1");
        _orphans = _meter.CreateCounter<long>(ErrandTelemetry.FileOrphans, "{file}");
    }

    /// <summary>Figures of the queues, as last read by <see cref="QueueFigures"/>.</summary>
    public IReadOnlyList<QueueFigure> Figures { get; set; } = [];

    /// <summary>Whether somebody listens to the figures of the queues.</summary>
    public bool WantsFigures => _depth.Enabled || _oldest.Enabled || _unclaimable.Enabled || _store.Enabled;

    /// <summary>Waiting jobs that no living worker can run, as last read by <see cref="QueueFigures"/>.</summary>
    public IReadOnlyList<UnclaimableFigure> Unclaimable { get; set; } = [];

    /// <summary>What the store says of itself, as last read by <see cref="QueueFigures"/>.</summary>
    public IReadOnlyDictionary<string, long> Store { get; set; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What is read at the moment it is asked for.</summary>
    public LiveFigures Live { get; set; } = LiveFigures.None;

    /// <summary>The timestamp at which everything that was over had been removed; 0 before the first time.</summary>
    public long CleanAt { get; set; }

    public void OrphansRemoved(int files) => _orphans.Add(files);

    public void Sent(JobHead job)
    {
        if (_sent.Enabled) _sent.Add(1, Tags(job));
    }

    public void Claimed(JobHead job)
    {
        if (_consumed.Enabled) _consumed.Add(1, Tags(job));
        if (_active.Enabled) _active.Add(1, Tags(job));
        if (_wait.Enabled) _wait.Record(Math.Max(0, (job.UpdatedAt - job.DueAt).TotalSeconds), Tags(job));
    }

    public void Changed(JobHead before, JobHead after)
    {
        if (_active.Enabled && before.State.IsClaimed() && !after.State.IsClaimed()) _active.Add(-1, Tags(after));
        if (_retries.Enabled && after.State == JobState.Queued && after.Failures > before.Failures) _retries.Add(1, Tags(after));
        if (_lost.Enabled && after.Losses > before.Losses) _lost.Add(1, Tags(after));
        if (!_finished.Enabled || !after.State.IsTerminal()) return;
        var tags = Tags(after);
        tags.Add(ErrandTelemetry.JobStatus, after.StatusAt(after.UpdatedAt).Word());
        _finished.Add(1, tags);
    }

    /// <summary>Records how long an operation of the engine took.</summary>
    public void Operation(string name, TimeSpan took)
    {
        if (!_operation.Enabled) return;
        _operation.Record(
            took.TotalSeconds, new TagList { { ErrandTelemetry.MessagingSystem, "errand" }, { ErrandTelemetry.OperationName, name } });
    }

    public void Dispose() => _meter.Dispose();

    private static TagList Tags(JobHead job) => new()
    {
        { ErrandTelemetry.MessagingSystem, "errand" }, { ErrandTelemetry.DestinationName, job.Queue }, { ErrandTelemetry.JobType,
            job.Type },
    };

    private IEnumerable<Measurement<long>> Stored(string figure) =>
        Store.TryGetValue(figure, out var value) ? [new Measurement<long>(value)] : [];

    private static KeyValuePair<string, object?> Queue(string name) => new(ErrandTelemetry.DestinationName, name);
}
