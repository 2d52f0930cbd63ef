using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Errand.Worker;

/// <summary>The spans and figures of attempts. Job ids and tenants are never tags of a figure: they have no end.</summary>
internal sealed class WorkerTelemetry : IDisposable
{
    public const string SourceName = "Errand.Worker";

    private static readonly ActivitySource Spans = new(SourceName);

    // Up to hours: the buckets that the conventions recommend end at ten seconds.
    private static readonly double[] Buckets =
        [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400];

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _abandoned;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _lost;
    private readonly UpDownCounter<long> _active;

    public WorkerTelemetry(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(SourceName) ?? new Meter(SourceName);
        _duration = _meter.CreateHistogram(
            "messaging.process.duration", "s", "Duration of attempts.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets });
        _attempts = _meter.CreateCounter<long>("errand.job.attempts", "{attempt}", "Attempts that ended, by type and outcome.");
        _abandoned = _meter.CreateCounter<long>(
            "errand.handler.abandoned", "{attempt}", "Handlers that did not stop in time: their jobs were settled without them.");
        _refused = _meter.CreateCounter<long>("errand.settle.refused", "{attempt}", "Outcomes that came after the claim was over.");
        _lost = _meter.CreateCounter<long>("errand.session.lost", "{session}", "Worker sessions that were lost.");
        _active = _meter.CreateUpDownCounter<long>("errand.handler.active", "{attempt}", "Handlers that run.");
    }

    public void Dispose() => _meter.Dispose();

    public void SessionLost() => _lost.Add(1);

    public void SettleRefused() => _refused.Add(1);

    public void Started(JobHead head)
    {
        if (_active.Enabled) _active.Add(1, Type(head));
    }

    public void Returned(JobHead head)
    {
        if (_active.Enabled) _active.Add(-1, Type(head));
    }

    public void Abandoned(JobHead head) => _abandoned.Add(1, Type(head));

    public void Ended(JobHead head, JobOutcome outcome, TimeSpan duration)
    {
        if (_attempts.Enabled) _attempts.Add(1, Type(head), new("errand.attempt.outcome", Word(outcome)));
        if (_duration.Enabled)
        {
            _duration.Record(
                duration.TotalSeconds,
                new TagList
                {
                    { "messaging.system", "errand" }, { "messaging.operation.name", "process" }, { "messaging.destination.name", head.Queue },
                    { "errand.job.type", head.Type }, { "errand.attempt.outcome", Word(outcome) },
                });
        }
    }

    /// <summary>A span of its own, linked to the request that made the job: an attempt may run days after that trace ended.</summary>
    public static Activity? Begin(JobHead head, JobDetails details)
    {
        if (!Spans.HasListeners()) return null;
        ActivityLink[] links = ActivityContext.TryParse(details.TraceParent, details.TraceState, isRemote: true, out var creation)
            ? [new ActivityLink(creation)]
            : [];
        var tags = new ActivityTagsCollection
        {
            { "messaging.system", "errand" },
            { "messaging.destination.name", head.Queue },
            { "messaging.operation.name", "process" },
            { "messaging.operation.type", "process" },
            { "messaging.message.id", head.Id.ToString() },
            { "errand.job.type", head.Type },
            { "errand.job.attempt", head.Attempt },
        };
        if (details.CorrelationId is { } correlation) tags.Add("messaging.message.conversation_id", correlation);
        return Spans.StartActivity($"process {head.Queue}", ActivityKind.Consumer, parentContext: default, tags, links);
    }

    public static void End(Activity? activity, JobOutcome outcome)
    {
        if (activity is null) return;
        activity.SetTag("errand.attempt.outcome", Word(outcome));
        if (outcome is not JobOutcome.Failed failed) return;
        activity.SetTag("error.type", failed.Error.Code);
        activity.SetStatus(ActivityStatusCode.Error, failed.Error.Message);
    }

    private static KeyValuePair<string, object?> Type(JobHead head) => new("errand.job.type", head.Type);

    private static string Word(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Succeeded => "succeeded",
        JobOutcome.Failed => "failed",
        JobOutcome.Canceled => "canceled",
        JobOutcome.Snoozed => "snoozed",
        _ => "released",
    };
}
