using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task The_job_keeps_the_span_of_its_submit_as_a_child_of_the_callers()
    {
        await using var engine = await Engine.StartAsync();
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ErrandTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var job = await engine.SubmitAsync(
            change: job => job with { Queue = "mail", TraceParent = $"00-{Trace}-00f067aa0ba902b7-01", CorrelationId = "c1" });

        var span = Assert.Single(spans, span => span.TraceId.ToHexString() == Trace);
        Assert.Equal(("send mail", ActivityKind.Producer, span.Id), (span.DisplayName, span.Kind, job.Details.TraceParent));
        Assert.Equal(
            (job.Head.Id.ToString(), "c1"), (span.GetTagItem(ErrandTelemetry.MessageId), span.GetTagItem(ErrandTelemetry.ConversationId)));
    }

    [Fact]
    public async Task Jobs_are_counted_without_their_names_and_tenants()
    {
        await using var engine = await Engine.StartAsync(services: services => services.AddMetrics());
        Dictionary<string, double> sums = [];
        HashSet<string> tags = [];
        using var listener = new MeterListener();
        var ours = engine.Get<IMeterFactory>();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == ErrandTelemetry.MeterName && instrument.Meter.Scope == ours)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, with, _) => Count(instrument, value, with));
        listener.SetMeasurementEventCallback<double>((instrument, value, with, _) => Count(instrument, value, with));
        listener.Start();

        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        await engine.SubmitAsync();
        engine.Time.Advance(TimeSpan.FromSeconds(3));
        var claimed = await worker.ClaimAsync();
        await worker.FailAsync(claimed[0]);
        await worker.SucceedAsync(claimed[1]);
        await engine.Sweep<QueueFigures>().SweepAsync(CancellationToken.None);
        listener.RecordObservableInstruments();

        Assert.Equal(2, sums[ErrandTelemetry.SentMessages]);
        Assert.Equal(2, sums[ErrandTelemetry.ConsumedMessages]);
        Assert.Equal(1, sums[ErrandTelemetry.JobRetries]);
        Assert.Equal(1, sums[ErrandTelemetry.JobFinished]);
        Assert.Equal(0, sums[ErrandTelemetry.JobActive]);
        Assert.Equal(6, sums[ErrandTelemetry.QueueWaitDuration]);
        Assert.Equal(1, sums[ErrandTelemetry.QueueDepth]);
        string[] allowed =
        [
            ErrandTelemetry.MessagingSystem, ErrandTelemetry.DestinationName, ErrandTelemetry.JobType, ErrandTelemetry.JobStatus, ErrandTelemetry.OperationName,
        ];
        Assert.Empty(tags.Except(allowed));

        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> with)
        {
            sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value;
            foreach (var tag in with) tags.Add(tag.Key);
        }
    }
}
