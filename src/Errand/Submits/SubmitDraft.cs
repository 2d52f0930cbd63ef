using System.Diagnostics;
using Errand.Storage;

namespace Errand.Submits;

/// <summary>A submission that may be stored: checked, its type known, its upload found.</summary>
internal sealed record SubmitDraft(JobSubmission Submission, JobType Type, Upload? Upload)
{
    /// <summary>The owner, where it is not the caller: a retry belongs to whoever owned the first job.</summary>
    public string? Owner { get; init; }

    /// <summary>The finished job that is repeated.</summary>
    public JobId? RetryOf { get; init; }

    /// <summary>The schedule that makes it.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>The queue that the job goes to.</summary>
    public string Queue => Submission.Queue ?? Type.Queue;

    public NewJob Build(JobCaller caller, JobId id, DateTimeOffset now) => new(
        new JobHead
        {
            Tenant = caller.Tenant,
            Id = id,
            Type = Type.Name,
            Queue = Queue,
            Owner = Owner ?? caller.Subject,
            Priority = Submission.Priority ?? 5,
            DueAt = DueAt(now),
            CreatedAt = now,
            UpdatedAt = now,
            Deadline = Submission.Deadline,
            MaxAttempts = Submission.MaxAttempts ?? Type.MaxAttempts,
            UniqueKey = Submission.UniqueKey,
        },
        Details(caller),
        new JobInput(Submission.Input, Submission.Items, Upload?.Id, Type.InputVersion));

    private DateTimeOffset DueAt(DateTimeOffset now)
    {
        if (Submission.Delay is { } delay) return now + delay;
        return Submission.RunAt > now ? Submission.RunAt.Value.ToUniversalTime() : now;
    }

    private JobDetails Details(JobCaller caller) => new()
    {
        Labels = Submission.Labels ?? JobDetails.None.Labels,
        Timeout = Submission.Timeout ?? Type.Timeout,
        Retention = Submission.Retention,
        CorrelationId = Submission.CorrelationId,
        ParentId = Submission.ParentId,
        RetryOf = RetryOf?.ToString(),
        ScheduleId = ScheduleId,
        TraceParent = TraceParent(out var state),
        TraceState = state,
        RequestId = Submission.RequestId ?? Guid.NewGuid(),
        Fingerprint = Submission.Id is null ? null : SubmitFingerprint.Of(Submission, Type, Owner ?? caller.Subject),
        ItemCount = Upload?.Items ?? (Submission.Items.IsEmpty ? null : JsonRules.CountItems(Submission.Items.Span)),
    };

    /// <summary>
    /// The span of the submit where one is recorded, else what the caller sent, if it is valid. A state that could break a header is left
    /// out.
    /// </summary>
    private string? TraceParent(out string? state)
    {
        state = null;
        if (Activity.Current is { Source.Name: ErrandTelemetry.ActivitySourceName, Id: { } own } activity)
        {
            state = activity.TraceStateString;
            return own;
        }

        if (Submission.TraceParent is null || !ActivityContext.TryParse(Submission.TraceParent, null, out _)) return null;
        if (Submission.TraceState is { Length: <= 512 } sent && !sent.AsSpan().ContainsAnyExceptInRange(' ', '~')) state = sent;
        return Submission.TraceParent;
    }
}
