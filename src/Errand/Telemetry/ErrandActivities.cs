using System.Diagnostics;

namespace Errand.Telemetry;

/// <summary>The engine's spans.</summary>
internal static class ErrandActivities
{
    private static readonly ActivitySource Source = new(ErrandTelemetry.ActivitySourceName);

    /// <summary>The span of a submit; the job keeps it as what its attempts link to. Null while nobody listens.</summary>
    public static Activity? Send(JobSubmission submission, string queue)
    {
        if (!Source.HasListeners()) return null;
        var parent = ActivityContext.TryParse(submission.TraceParent, submission.TraceState, isRemote: true, out var sent) ? sent : default;
        var activity = Source.StartActivity($"send {queue}", ActivityKind.Producer, parent);
        if (activity is null) return null;
        activity.SetTag(ErrandTelemetry.MessagingSystem, "errand");
        activity.SetTag(ErrandTelemetry.OperationName, "send");
        activity.SetTag(ErrandTelemetry.OperationType, "send");
        activity.SetTag(ErrandTelemetry.DestinationName, queue);
        activity.SetTag(ErrandTelemetry.JobType, submission.Type);
        if (submission.CorrelationId is { } conversation) activity.SetTag(ErrandTelemetry.ConversationId, conversation);
        return activity;
    }
}
