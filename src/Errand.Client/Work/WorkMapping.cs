using Errand.Contracts;
using Errand.Storage;
using Errand.Work;

namespace Errand.Client.Work;

/// <summary>Between the wire's words for work and the worker's.</summary>
internal static class WorkMapping
{
    private const string Json = "application/json";

    /// <summary>
    /// The head of a claimed job as a worker needs it. Tenant, sequence and token stay on the server; the lease stands for them, and the
    /// numbers here only tell claims apart.
    /// </summary>
    public static ClaimedJob Claimed(ClaimedJobResource claimed, SessionId session, long number)
    {
        var job = claimed.Job;
        var head = new JobHead
        {
            Tenant = JobNames.DefaultTenant,
            Id = JobId.Parse(job.Id!),
            Sequence = number,
            Type = job.Type,
            Queue = job.Queue,
            Owner = job.CreatedBy ?? "",
            State = job.Status is JobStatus.Canceling ? JobState.Canceling : JobState.Running,
            Version = job.Version,
            Priority = job.Priority,
            DueAt = job.CreatedAt,
            CreatedAt = job.CreatedAt,
            UpdatedAt = job.UpdatedAt,
            StartedAt = job.StartedAt,
            Deadline = job.Deadline,
            Attempt = job.Attempt,
            MaxAttempts = job.MaxAttempts,
            Session = session,
            Token = number,
            CancelReason = job.CancelReason,
            UniqueKey = job.UniqueKey,
        };
        var details = new JobDetails
        {
            Labels = job.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Timeout = job.Timeout,
            Retention = job.Retention,
            CorrelationId = job.CorrelationId,
            ParentId = job.ParentId,
            RetryOf = job.RetryOf,
            ScheduleId = job.ScheduleId,
            TraceParent = claimed.Traceparent,
            TraceState = claimed.Tracestate,
            RequestId = job.RequestId ?? Guid.Empty,
            ItemCount = job.ItemCount,
        };
        return new ClaimedJob(head, details, new JobInput(claimed.Input?.Utf8 ?? default, Version: claimed.InputVersion));
    }

    public static SettlementRequest Settlement(string lease, JobOutcome outcome)
    {
        var request = new SettlementRequest { Lease = lease, Outcome = SettleOutcome.Released };
        return outcome switch
        {
            JobOutcome.Succeeded succeeded => Succeeded(request with { Outcome = SettleOutcome.Succeeded }, succeeded),
            JobOutcome.Failed failed => request with { Outcome = SettleOutcome.Failed, Error = Error(failed.Error), RetryAfter = failed.RetryAfter },
            JobOutcome.Snoozed snoozed => request with { Outcome = SettleOutcome.Snoozed, RetryAfter = snoozed.Delay },
            JobOutcome.Canceled canceled => request with { Outcome = SettleOutcome.Canceled, Reason = canceled.Reason },
            _ => request,
        };
    }

    public static SettleError Error(JobError error) =>
        new() { Code = error.Code, Message = error.Message, Retryable = error.Retryable, Detail = error.Detail };

    public static ProgressReportRequest? Progress(JobProgress? progress) => progress is null ? null : new ProgressReportRequest
    {
        Percent = progress.Percent,
        Completed = progress.Completed,
        Total = progress.Total,
        Failed = progress.Failed,
        Unit = progress.Unit,
        Message = progress.Message,
    };

    public static MessageReport Message(JobMessage message) =>
        new() { Time = message.Time, Severity = message.Severity, Text = message.Text, Source = message.Source };

    public static ItemReport Item(JobItem item) => new()
    {
        Index = item.Index,
        Key = item.Key,
        Status = item.Status,
        Result = item.Result.IsEmpty ? null : new RawJson(item.Result),
        Error = item.Error is { } error ? Error(error) : null,
    };

    public static JobItem Item(ItemResource item) => new()
    {
        Index = item.Index,
        Key = item.Key,
        Status = item.Status,
        Result = item.Result?.Utf8 ?? default,
        Error = item.Error is { } error ? new JobError(error.Code, error.Message, error.Retryable, error.Stack) : null,
    };

    // Where the server keeps the bytes is its own affair; nobody on this side opens them by their location.
    public static JobOutput Output(OutputResource output) => new(
        output.Id, output.FileName,
        [.. output.Formats.Select(format => new JobOutputFormat(format.Format, format.ContentType, format.Size, format.Digest, format.Url))],
        output.CreatedAt, output.Attempt);

    private static SettlementRequest Succeeded(SettlementRequest request, JobOutcome.Succeeded succeeded)
    {
        request = succeeded.StatusCode == 200 ? request : request with { StatusCode = succeeded.StatusCode };
        if (succeeded.Result.IsEmpty) return request;
        return succeeded.ContentType == Json
            ? request with { Result = new RawJson(succeeded.Result) }
            : request with { ResultBytes = succeeded.Result.ToArray(), ContentType = succeeded.ContentType };
    }
}
