using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary><c>GET /jobs/{id}/result</c>: 202 until it is there, then the raw result.</summary>
internal static class GetResult
{
    public static readonly ApiRoute Route = new("getResult", "GET", "jobs/{id}/result", ErrandScopes.Read, AnswerAsync)
    {
        Tag = "Results",
        Summary = "Fetches the result of a job.",
        Headers =
        [
            new("Prefer", "wait=N: hold the answer until the job is finished, at most N seconds."),
            new("Range", "A range of bytes."), new("If-None-Match", "The ETag of the result."),
        ],
        Produces = [],
        Replies =
        [
            new(200, "The result, with its own media type.", typeof(byte[]), FileAnswer.Headers) { MediaType = "*/*" },
            new(202, "Not finished: the job.", typeof(JobResource), "Location", "Operation-Location", "Retry-After"),
            new(204, "The job succeeded and has no result."),
            new(206, "The range.", typeof(byte[]), FileAnswer.Headers) { MediaType = "*/*" },
            new(304, "The result is the one that the client has."),
            new(404, "Unknown, or not visible."),
            new(409, "The job failed or was canceled; jobError tells why."),
            new(410, "The job is purged, or its result was removed."),
            new(416, "The range lies outside."),
        ],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var id = call.JobId;
        var prefer = Preferences.Of(call.Request, call.Api.Options.WaitMax);
        var lookup = prefer.Wait is { } wait
            ? await Waiting.ForAsync(call, id, wait, changedSince: null, JobParts.Status)
            : await call.Jobs.FindAsync(id, cancellationToken: call.Aborted);
        var job = ApiCall.Found(lookup);
        prefer.Apply(call.Response);
        await (job.Head.State switch
        {
            JobState.Succeeded => SendAsync(call, job),
            JobState.Failed or JobState.Canceled => throw NoResult(call, job),
            _ => NotYetAsync(call, job),
        });
    }

    private static async Task SendAsync(ApiCall call, Job job)
    {
        if (!job.Head.HasResult)
        {
            call.Response.Headers.CacheControl = ApiAnswer.NoStore;
            call.Response.StatusCode = 204;
            return;
        }

        var content = await call.Contents.OpenResultAsync(job.Head.Id, call.Aborted)
            ?? throw new ApiProblemException(new ApiProblem(ProblemCatalog.ResultExpired, "The job had a result, and it was removed."));
        await FileAnswer.SendAsync(call, content);
    }

    private static Task NotYetAsync(ApiCall call, Job job)
    {
        call.Response.Headers.Location = call.Urls.Result(job.Head.Id);
        call.Response.Headers["Operation-Location"] = call.Urls.Job(job.Head.Id);
        return call.JobAsync(202, job);
    }

    // 409 and not 5xx: the SDKs that poll this URL would otherwise try again for ever.
    private static ApiProblemException NoResult(ApiCall call, Job job)
    {
        var kind = job.Head.State is JobState.Failed ? ProblemCatalog.JobFailed : ProblemCatalog.JobCanceled;
        var error = call.Map.EndError(job.Head);
        return new ApiProblemException(new ApiProblem(kind, $"There is no result: {error.Message}")
        {
            JobError = error,
            Job = new ProblemJobResource(job.Head.Id.ToString(), job.Head.StatusAt(call.Now)),
        });
    }
}
