using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Errand.Worker.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Each_attempt_is_a_span_of_its_own_linked_to_the_request_that_made_the_job()
    {
        var ended = new TaskCompletionSource<Activity>();
        await using var harness = new WorkerHarness();
        var job = default(JobId);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == WorkerTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("messaging.message.id"), job.ToString())) ended.TrySetResult(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await harness.Handle((_, _) => throw new JobRejectedException("no")).StartAsync();
        job = harness.Source.Submit(
            head: head => head with { Id = job = new JobId(Guid.NewGuid()) },
            details: new JobDetails { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }).Head.Id;

        var span = await WorkerHarness.Within(ended.Task);

        Assert.Equal("process default", span.DisplayName);
        Assert.Equal(ActivityKind.Consumer, span.Kind);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", Assert.Single(span.Links).Context.TraceId.ToHexString());
        Assert.NotEqual("0af7651916cd43dd8448eb211c80319c", span.TraceId.ToHexString());
        Assert.Equal(JobErrorCodes.HandlerRejected, span.GetTagItem("error.type"));
        Assert.Equal("test.job", span.GetTagItem("errand.job.type"));
    }

    [Fact]
    public async Task Attempts_are_counted_by_type_and_outcome_and_never_by_job()
    {
        var counted = new TaskCompletionSource<KeyValuePair<string, object?>[]>();
        await using var harness = new WorkerHarness();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                if (instrument is { Meter.Name: WorkerTelemetry.SourceName, Name: "errand.job.attempts" }) meters.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (value is 1 && tags.ToArray().Contains(new("errand.job.type", "counted.job"))) counted.TrySetResult(tags.ToArray());
        });
        listener.Start();
        await harness.Handle((_, _) => throw new JobRejectedException("no"), "counted.job").StartAsync();
        harness.Source.Submit("counted.job");

        var tags = await WorkerHarness.Within(counted.Task);

        Assert.Equal([new("errand.job.type", "counted.job"), new("errand.attempt.outcome", "failed")], tags);
    }
}
