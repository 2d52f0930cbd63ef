using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Cancel, retry, delete.</summary>
internal static class ChangeJob
{
    public static readonly ApiRoute Cancel = new("cancelJob", "POST", "jobs/{id}/cancel", ErrandScopes.Cancel, CancelAsync)
    {
        Tag = "Jobs",
        Summary = "Asks a job to stop: at once while it waits, by its handler while it runs. A finished job stays as it is.",
        Consumes = [MediaTypes.Json],
        Body = typeof(CancelJobRequest),
        BodyOptional = true,
        Replies =
        [
            new(200, "The job is finished, by this or before.", typeof(JobResource), "ETag"),
            new(202, "The job runs and was asked to stop.", typeof(JobResource), "Operation-Location", "Retry-After", "ETag"),
            new(404, "Unknown, or not visible."),
            new(410, "The job was there and is purged."),
        ],
    };

    public static readonly ApiRoute CancelAlias = Cancel with { Name = "cancelJobAlias", Pattern = "jobs/{id}:cancel", Hidden = true };

    public static readonly ApiRoute Retry = new("retryJob", "POST", "jobs/{id}/retry", ErrandScopes.Submit, RetryAsync)
    {
        Tag = "Jobs",
        Summary = "Submits a failed or canceled job again, as a new job. The old one stays as it is.",
        Replies =
        [
            new(202, "The new job.", typeof(JobResource), [.. Submissions.AnswerHeaders]),
            new(404, "Unknown, or not visible."),
            new(409, "The job is neither failed nor canceled."),
            new(410, "The job was there and is purged."),
        ],
    };

    public static readonly ApiRoute Delete = new("deleteJob", "DELETE", "jobs/{id}", ErrandScopes.Admin, DeleteAsync)
    {
        Tag = "Jobs",
        Summary = "Removes a finished job now, with all it holds. Does not cancel.",
        Query = [new("tombstone", "false: leave no trace, so that the id answers 404 rather than 410. Default: true.", "boolean")],
        Produces = [],
        Replies = [new(204, "Removed."), new(404, "Unknown, or not visible."), new(409, "The job is not finished."), new(410, "The job was removed before.")],
    };

    private static async Task CancelAsync(ApiCall call)
    {
        var body = await JsonBody.ReadAsync(call);
        var reason = body.Length == 0 ? null : JsonBody.Bind(body, JsonBody.Strict.CancelJobRequest).Reason;
        if (reason is { Length: > 500 }) throw new ApiProblemException(ApiProblem.Invalid("#/reason", "A reason has at most 500 characters."));
        var job = await call.Jobs.CancelAsync(call.JobId, reason, call.Aborted);
        if (job.Head.State.IsTerminal())
        {
            await call.JobAsync(StatusCodes.Status200OK, job);
            return;
        }

        call.Response.Headers["Operation-Location"] = call.Urls.Job(job.Head.Id);
        await call.JobAsync(StatusCodes.Status202Accepted, job);
    }

    private static async Task RetryAsync(ApiCall call)
    {
        call.RefuseWhileDraining();
        var job = await call.Jobs.RetryAsync(call.JobId, cancellationToken: call.Aborted);
        Submissions.SetHeaders(call, job);
        await call.JobAsync(StatusCodes.Status202Accepted, job);
    }

    private static async Task DeleteAsync(ApiCall call)
    {
        await call.Jobs.PurgeAsync(call.JobId, QueryParameters.Flag(call.Request, "tombstone", otherwise: true), call.Aborted);
        call.Response.Headers.CacheControl = ApiAnswer.NoStore;
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
