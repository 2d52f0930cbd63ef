using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>Turns the body of a submit into a submission, and an accepted one into the answer.</summary>
internal static class Submissions
{
    public static readonly IReadOnlyList<string> AnswerHeaders =
        ["Operation-Location", "Location", "Content-Location", "Operation-Id", "Retry-After", "ETag", "Preference-Applied", "Idempotency-Replayed", "Unique-Key-Conflict"];

    public static JobSubmission From(ApiCall call, SubmitJobRequest request, JobId? id, string pointer = "#")
    {
        var (parent, state) = TraceHeaders.Of(call.Request);
        if (request.Labels?.FirstOrDefault(l => l.Value is null).Key is { } empty)
        {
            throw new ApiProblemException(ApiProblem.Invalid($"{pointer}/labels/{empty}", "A label has a string for its value, not null."));
        }

        return new JobSubmission
        {
            Type = request.Type,
            Input = request.Input?.Utf8 ?? default,
            Items = request.Items?.Utf8 ?? default,
            ItemsFrom = request.ItemsFrom,
            Id = id,
            Queue = request.Queue,
            Priority = request.Priority,
            Labels = request.Labels,
            RunAt = request.RunAt,
            Delay = request.Delay,
            Deadline = request.Deadline,
            MaxAttempts = request.MaxAttempts,
            Timeout = request.Timeout,
            Retention = request.Retention,
            UniqueKey = request.UniqueKey,
            OnConflict = request.OnConflict ?? UniqueConflict.Reuse,
            ParentId = request.ParentId,
            CorrelationId = request.CorrelationId,
            TraceParent = parent,
            TraceState = state,
        };
    }

    /// <summary>
    /// Three location headers, each with one meaning: Operation-Location is the job, which always answers 200; Location is its result, which answers 202 until it is
    /// there; Content-Location is what the body shows.
    /// </summary>
    public static void SetHeaders(ApiCall call, Job job, bool location = true)
    {
        var headers = call.Response.Headers;
        var self = call.Urls.Job(job.Head.Id);
        headers["Operation-Location"] = self;
        headers["Operation-Id"] = job.Head.Id.ToString();
        headers.ContentLocation = self;
        if (location) headers.Location = call.Urls.Location(job.Head.Id);
    }

    /// <summary>Waits for the job if the caller prefers that, and answers: 200 when it is finished by then, otherwise <paramref name="status"/>.</summary>
    public static async Task AnswerAsync(ApiCall call, Job job, Preferences prefer, int status, long receivedAt, bool location = true)
    {
        if (prefer.Wait is { } wait && !job.Head.State.IsTerminal())
        {
            job = await Waiting.ForEndAsync(call, job, wait - call.Api.Time.GetElapsedTime(receivedAt));
        }

        SetHeaders(call, job, location);
        prefer.Apply(call.Response);
        var code = prefer.Wait is not null && job.Head.State.IsTerminal() && status == 202 ? 200 : status;
        if (!prefer.Minimal)
        {
            await call.JobAsync(code, job);
            return;
        }

        call.SetJobHeaders(job);
        call.Response.Headers.CacheControl = ApiAnswer.NoStore;
        call.Response.Headers.Vary = ApiAnswer.Vary;
        call.Response.StatusCode = code;
        call.Response.ContentLength = 0;
    }

    public static void SetKind(ApiCall call, SubmitReceiptKind kind)
    {
        if (kind is SubmitReceiptKind.Replayed) call.Response.Headers["Idempotency-Replayed"] = "true";
        if (kind is SubmitReceiptKind.Reused) call.Response.Headers["Unique-Key-Conflict"] = "reused";
    }
}
