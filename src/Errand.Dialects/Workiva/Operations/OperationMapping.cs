namespace Errand.Dialects.Workiva;

/// <summary>Puts a job into the words of the operations wire. Pure.</summary>
internal static class OperationMapping
{
    /// <summary>The operation.</summary>
    /// <param name="job">The job.</param>
    /// <param name="now">Tells a job for later from one that is due.</param>
    /// <param name="resourceUrl">Where the results of a completed one lie.</param>
    /// <param name="failedItems">Its failed items, or some of them.</param>
    public static Operation Of(Job job, DateTimeOffset now, string? resourceUrl, IReadOnlyList<JobItem> failedItems)
    {
        var head = job.Head;
        var updated = job.Progress is { } progress && progress.UpdatedAt > head.UpdatedAt ? progress.UpdatedAt : head.UpdatedAt;
        return new Operation
        {
            Created = new OperationAction(WorkivaExchange.Text(head.CreatedAt), UserOf(head)),
            Details = Details(head, failedItems),
            Id = head.Id.ToString(),
            OriginalRequest = job.Details.RequestId.ToString(),
            ResourceUrl = head.State is JobState.Succeeded ? resourceUrl : null,
            Status = StatusOf(head, now),
            Updated = new OperationAction(WorkivaExchange.Text(updated)),
        };
    }

    /// <summary>Acknowledged: accepted for later. A job that waits between two attempts, or is asked to stop, is still started: a status never falls back.</summary>
    private static string StatusOf(JobHead head, DateTimeOffset now) => head.State switch
    {
        JobState.Queued when head.Attempt > 0 => "started",
        JobState.Queued => head.DueAt > now ? "acknowledged" : "queued",
        JobState.Running or JobState.Canceling => "started",
        JobState.Succeeded => "completed",
        JobState.Failed => "failed",
        _ => "cancelled",
    };

    // What Errand or the app around it began by itself has no user.
    private static OperationUser? UserOf(JobHead head) => head.Owner == JobCaller.System(head.Tenant).Subject ? null : new OperationUser(head.Owner);

    private static List<OperationDetail>? Details(JobHead head, IReadOnlyList<JobItem> failedItems)
    {
        List<OperationDetail> details = [];
        if (head.State is JobState.Failed) details.Add(new OperationDetail(head.Error?.Code ?? JobErrorCodes.HandlerException, head.Error?.Message ?? "The job failed."));
        if (head.State is JobState.Canceled) details.Add(new OperationDetail(JobErrorCodes.Canceled, head.CancelReason ?? "The job was canceled."));
        details.AddRange(failedItems.Select(item => new OperationDetail(item.Error?.Code, item.Error?.Message, item.Key)));
        return details.Count == 0 ? null : details;
    }
}
