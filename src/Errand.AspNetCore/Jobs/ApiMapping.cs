using System.Text.Json;
using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>Puts what the engine knows into the words of the wire, as one caller may see it at one instant.</summary>
internal sealed class ApiMapping(ApiUrls urls, ErrandPrincipal? principal, ProblemWriter problems, DateTimeOffset now)
{
    private const int InlineResultMax = 64 * 1024;

    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    /// <summary>The same at another instant, for answers that go on.</summary>
    public ApiMapping At(DateTimeOffset instant) => new(urls, principal, problems, instant);

    public JobResource Job(Job job, bool stored = true)
    {
        var head = job.Head;
        var details = job.Details;
        var status = head.StatusAt(now);
        return new JobResource
        {
            Id = stored ? head.Id.ToString() : null,
            Type = head.Type,
            Queue = head.Queue,
            Status = status,
            Done = head.State.IsTerminal(),
            Progress = Progress(job),
            Result = InlineResult(job),
            ResultInfo = ResultInfo(job),
            Error = head.State is JobState.Failed or JobState.Canceled ? EndError(head) : null,
            LastError = head.State.IsTerminal() || head.Error is null ? null : Error(head.Error),
            Input = job.Input is { Json.IsEmpty: false } input ? new RawJson(input.Json) : null,
            ItemsFrom = job.Input?.UploadId,
            Priority = head.Priority,
            Labels = details.Labels.Count == 0 ? NoLabels : details.Labels,
            Attempt = head.Attempt,
            MaxAttempts = head.MaxAttempts,
            Attempts = job.Attempts?.Select(Attempt).ToList(),
            ItemCount = details.ItemCount,
            CreatedAt = head.CreatedAt,
            NextRunAt = status is JobStatus.Scheduled ? head.DueAt : null,
            StartedAt = head.StartedAt,
            FinishedAt = head.FinishedAt,
            UpdatedAt = job.Progress is { } progress && progress.UpdatedAt > head.UpdatedAt ? progress.UpdatedAt : head.UpdatedAt,
            Deadline = head.Deadline,
            ExpiresAt = head.ExpiresAt,
            Timeout = details.Timeout,
            Retention = details.Retention,
            CreatedBy = head.Owner,
            CancelReason = head.CancelReason,
            UniqueKey = head.UniqueKey,
            ParentId = details.ParentId,
            RetryOf = details.RetryOf,
            ScheduleId = details.ScheduleId,
            CorrelationId = details.CorrelationId,
            RequestId = details.RequestId == Guid.Empty ? null : details.RequestId,
            TraceId = details.TraceParent is { Length: >= 35 } trace ? trace[3..35] : null,
            Version = head.Version,
            Links = stored ? urls.Links(head.Id) : null,
        };
    }

    public JobErrorResource Error(JobError error) => new()
    {
        Type = problems.PageOf("job-errors", urls) + "#" + Uri.EscapeDataString(error.Code),
        Title = TitleOf(error.Code),
        Code = error.Code,
        Message = error.Message,
        Detail = error.Message,
        Retryable = error.Retryable,
        Stack = principal is { Caller.IsAdmin: true } ? error.Detail : null,
    };

    public ItemResource Item(JobItem item) => new()
    {
        Key = item.Key,
        Index = item.Index,
        Status = item.Status,
        Result = item.Result.IsEmpty ? null : new RawJson(item.Result),
        Error = item.Error is { } error ? Error(error) : null,
    };

    public static MessageResource Message(JobMessage message) => new()
    {
        Sequence = message.Sequence,
        Time = message.Time,
        Severity = message.Severity,
        Text = message.Text,
        Source = message.Source,
        Attempt = message.Attempt,
    };

    public OutputResource Output(JobId job, JobOutput output) => new()
    {
        Id = output.Id,
        FileName = output.FileName,
        AvailableFormats = [.. output.Formats.Select(f => f.Format)],
        Size = output.Formats[0].Size,
        Digest = output.Formats[0].Digest,
        CreatedAt = output.CreatedAt,
        Attempt = output.Attempt,
        Formats = [.. output.Formats.Select(f => new OutputFormatResource(f.Format, f.ContentType, f.Size, f.Digest, urls.Output(job, output.Id, f.Format)))],
    };

    /// <summary>The error of an ended job; one is made up where the engine had nothing to say.</summary>
    public JobErrorResource EndError(JobHead head) => Error(head.Error ?? (head.State is JobState.Canceled
        ? new JobError(JobErrorCodes.Canceled, head.CancelReason ?? "The job was canceled.")
        : new JobError(JobErrorCodes.HandlerException, "The job failed.")));

    private AttemptResource Attempt(JobAttempt attempt) => new()
    {
        Number = attempt.Number,
        Outcome = attempt.Outcome,
        StartedAt = attempt.StartedAt,
        FinishedAt = attempt.FinishedAt,
        Worker = attempt.Worker,
        Error = attempt.Error is { } error ? Error(error) : null,
    };

    // Items are counted by the store, once each however often they are reported; a handler's own counts give way to them.
    private static ProgressResource? Progress(Job job)
    {
        var said = job.Progress;
        var total = said?.Total ?? job.Details.ItemCount;
        var completed = job.Items?.Completed ?? said?.Completed ?? (job.Details.ItemCount is null ? null : 0);
        if (said is null && completed is null) return null;
        return new ProgressResource
        {
            Percent = said?.Percent ?? (total > 0 && completed is { } done ? Math.Floor(Math.Min(done, total.Value) * 1000.0 / total.Value) / 10 : null),
            Completed = completed,
            Total = total,
            Failed = job.Items?.Failed ?? said?.Failed ?? (job.Details.ItemCount is null ? null : 0),
            Unit = said?.Unit,
            Message = said?.Message,
            UpdatedAt = said?.UpdatedAt ?? job.Head.UpdatedAt,
        };
    }

    private static RawJson? InlineResult(Job job) =>
        job.Result is { Body: { Length: > 0 and <= InlineResultMax } body } result && IsJson(result.ContentType) && Parses(body.Span) ? new RawJson(body) : null;

    private ResultInfoResource? ResultInfo(Job job) => job is { Head.HasResult: true, Result: { } result }
        ? new ResultInfoResource(result.ContentType, result.Size, result.Digest, urls.Result(job.Head.Id), job.Head.ExpiresAt)
        : null;

    private static bool IsJson(string contentType) =>
        contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) || contentType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    // A handler may call anything JSON; what is not would break the whole answer.
    private static bool Parses(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read()) reader.TrySkip();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string TitleOf(string code) => code.Length == 0 ? "Error" : char.ToUpperInvariant(code[0]) + code[1..].Replace('_', ' ');
}
