using System.Text.Json;
using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary><c>PATCH /jobs/{id}</c>: a JSON merge patch (RFC 7396) of what may change while a job lives.</summary>
internal static class UpdateJob
{
    private const int TriesMax = 5;

    public static readonly ApiRoute Route = new("updateJob", "PATCH", "jobs/{id}", ErrandScopes.Cancel, AnswerAsync)
    {
        Tag = "Jobs",
        Summary = "Changes priority, labels, due time, deadline or attempts of a job that is not finished.",
        Headers = [new("If-Match", "Change it only if it still has this ETag; otherwise 412.")],
        Consumes = [MediaTypes.MergePatch, MediaTypes.Json],
        Body = typeof(UpdateJobRequest),
        Replies =
        [
            new(200, "The changed job.", typeof(JobResource), "ETag"),
            new(404, "Unknown, or not visible."),
            new(409, "The job is finished."),
            new(410, "The job was there and is purged."),
            new(412, "The job has changed."),
            new(428, "If-Match is required."),
        ],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var body = await JsonBody.ReadAsync(call);
        var request = JsonBody.Bind(body, JsonBody.Strict.UpdateJobRequest);
        using var document = JsonDocument.Parse(body);
        var patch = document.RootElement;
        foreach (var name in (string[])["priority", "maxAttempts"])
        {
            if (IsNull(patch, name)) throw new ApiProblemException(ApiProblem.Invalid($"#/{name}", $"'{name}' cannot be taken away; give a number."));
        }

        var id = call.JobId;
        var match = call.Request.Headers.IfMatch;
        var job = ApiCall.Found(await call.Jobs.FindAsync(id, cancellationToken: call.Aborted));
        if (match.Count == 0 && call.Api.Options.RequireIfMatch) throw new ApiProblemException(new ApiProblem(ProblemCatalog.PreconditionRequired, "Send If-Match with the ETag of the job that you looked at."));
        await call.JobAsync(StatusCodes.Status200OK, await ChangeAsync(call, id, job, request, patch));
    }

    // Labels are merged onto those that are there, so the change is bound to the sight it was made on, and made anew when that is stale.
    private static async ValueTask<Job> ChangeAsync(ApiCall call, JobId id, Job job, UpdateJobRequest request, JsonElement patch)
    {
        for (var tries = 1; ; tries++)
        {
            CheckMatch(call, job);
            try
            {
                return await call.Jobs.UpdateAsync(id, Merge(call, job, request, patch), job.RevisionAt(call.Now), call.Aborted);
            }
            catch (JobProblemException e) when (e.Problem.Name is JobProblems.PreconditionFailed && tries < TriesMax)
            {
                job = ApiCall.Found(await call.Jobs.FindAsync(id, cancellationToken: call.Aborted));
            }
        }
    }

    private static void CheckMatch(ApiCall call, Job job)
    {
        var match = call.Request.Headers.IfMatch;
        var revision = job.RevisionAt(call.Now);
        if (match.Count == 0 || match is ["*"] || EntityTag.Strong(match).Contains(revision)) return;
        throw new ApiProblemException(new ApiProblem(ProblemCatalog.PreconditionFailed, "The job has changed since. Read it again.") { CurrentEtag = EntityTag.Of(revision) });
    }

    private static JobUpdate Merge(ApiCall call, Job job, UpdateJobRequest request, JsonElement patch) => new(
        request.Priority,
        IsNull(patch, "labels") ? new Dictionary<string, string>() : request.Labels is { } labels ? Merge(job.Details.Labels, labels) : null,
        IsNull(patch, "runAt") ? call.Now : request.RunAt,
        request.Deadline,
        IsNull(patch, "deadline"),
        request.MaxAttempts);

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string?> patch)
    {
        var merged = labels.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in patch)
        {
            if (value is null) merged.Remove(name);
            else merged[name] = value;
        }

        return merged;
    }

    private static bool IsNull(JsonElement patch, string name) => patch.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Null;
}
