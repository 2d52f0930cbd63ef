using Errand.Contracts;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary><c>GET /jobs/{id}</c>: the route that pollers live on.</summary>
internal static class GetJob
{
    private static readonly string[] Parts = ["input", "attempts"];

    public static readonly ApiRoute Route = new("getJob", "GET", "jobs/{id}", ErrandScopes.Read, AnswerAsync)
    {
        Tag = "Jobs",
        Summary = "Reads a job. 200 as long as the job is there, whatever became of it.",
        Query = [new("include", "input, attempts: what is read beside the status, separated by commas. input needs jobs.read.input.")],
        Headers =
        [
            new("If-None-Match", "The ETag of the last answer: 304 while nothing changed."),
            new("Prefer", "wait=N: hold the answer until the job is finished, at most N seconds; with If-None-Match until anything changes."),
        ],
        ExtraScope = request => request.QueryString.HasValue && QueryParameters.Words(request, "include").Contains("input", StringComparer.Ordinal) ? ErrandScopes.ReadInput : null,
        Replies =
        [
            new(200, "The job.", typeof(JobResource), "ETag", "Retry-After", "Sunset", "Preference-Applied"),
            new(304, "Nothing changed.", null, "ETag", "Retry-After"),
            new(404, "Unknown, or not visible."),
            new(410, "The job was there and is purged."),
        ],
    };

    /// <summary>Most who poll ask for nothing but the status, and it is at hand: no state machine, no query, no preferences.</summary>
    private static Task AnswerAsync(ApiCall call)
    {
        if (call.Request.QueryString.HasValue || call.Request.Headers.ContainsKey("Prefer")) return AnswerFullyAsync(call);
        var finding = call.Jobs.FindAsync(call.JobId, JobParts.Result, call.Aborted);
        if (!finding.IsCompletedSuccessfully) return AnswerLaterAsync(call, finding);
        AnswerWith(call, finding.Result);
        return Task.CompletedTask;
    }

    private static async Task AnswerLaterAsync(ApiCall call, ValueTask<JobLookup> finding) => AnswerWith(call, await finding);

    private static async Task AnswerFullyAsync(ApiCall call)
    {
        var parts = Include(call);
        var id = call.JobId;
        var noneMatch = call.Request.Headers.IfNoneMatch;
        var prefer = Preferences.Of(call.Request, call.Api.Options.WaitMax);
        var lookup = prefer.Wait is { } wait
            ? await Waiting.ForAsync(call, id, wait, noneMatch.Count == 0 ? null : EntityTag.Single(noneMatch) ?? default(JobRevision), parts)
            : await call.Jobs.FindAsync(id, parts, call.Aborted);

        var job = ApiCall.Found(lookup);
        prefer.Apply(call.Response);
        if (parts == JobParts.Result) AnswerWith(call, lookup);
        else if (noneMatch.Count > 0 && EntityTag.NoneMatchHits(noneMatch, EntityTag.Of(job.RevisionAt(call.Now)))) NotModified(call, job);
        else await call.JobAsync(200, job);
    }

    private static void AnswerWith(ApiCall call, JobLookup lookup)
    {
        var job = ApiCall.Found(lookup);
        var written = WrittenAnswers.Suits(job) ? call.Api.Written.Find(job, call.Urls.Root) : null;
        var noneMatch = call.Request.Headers.IfNoneMatch;
        if (noneMatch.Count > 0 && EntityTag.NoneMatchHits(noneMatch, written?.ETag ?? EntityTag.Of(job.RevisionAt(call.Now)))) NotModified(call, job, written);
        else if (written is not null) call.Send(written);
        else call.SendJob(200, job, offer: true);
    }

    private static JobParts Include(ApiCall call)
    {
        var parts = JobParts.Result;
        foreach (var word in QueryParameters.Words(call.Request, "include"))
        {
            parts |= word switch
            {
                "input" => JobParts.Input,
                "attempts" => JobParts.Attempts,
                _ => throw QueryParameters.Bad("include", $"'include' takes input and attempts, not '{word}'.{Suggestion.For(word, Parts)}"),
            };
        }

        return parts;
    }

    private static void NotModified(ApiCall call, Job job, WrittenAnswer? written = null)
    {
        if (written is null) call.SetJobHeaders(job);
        else call.SetHeaders(written);
        call.Response.Headers.CacheControl = ApiAnswer.Revalidate;
        call.Response.Headers.Vary = ApiAnswer.Vary;
        call.Response.StatusCode = 304;
    }
}
