using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary><c>PUT /jobs/{id}</c>: a submit that is idempotent by itself.</summary>
internal static class PutJob
{
    public static readonly ApiRoute Route = new("putJob", "PUT", "jobs/{id}", ErrandScopes.Submit, AnswerAsync)
    {
        Tag = "Jobs",
        Summary = "Submits a job under an id that the client made. Sending it again gives the same job.",
        Headers = [new("If-None-Match", "*: refuse with 412 if the job is there already."), .. SubmitJob.Headers],
        Consumes = [MediaTypes.Json],
        Body = typeof(SubmitJobRequest),
        Replies =
        [
            new(201, "Made now.", typeof(JobResource), [.. Submissions.AnswerHeaders]),
            new(200, "Made before, by the same request.", typeof(JobResource), [.. Submissions.AnswerHeaders]),
            new(404, "The id is not a UUID, or the type is unknown."),
            new(409, "The id is taken by a different job."),
            new(410, "The id belonged to a job that is purged."),
            new(412, "The job is there, and If-None-Match is *."),
            new(422, "The input does not match the schema."),
        ],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var receivedAt = call.Api.Time.GetTimestamp();
        var body = await JsonBody.ReadAsync(call);
        var request = JsonBody.Bind(body, JsonBody.Strict.SubmitJobRequest);
        var id = call.JobId;
        if (request.Id is { } inside && !(JobId.TryParse(inside, out var same) && same == id))
        {
            throw new ApiProblemException(ApiProblem.Invalid("#/id", "The id of the body differs from that of the URL: leave it out."));
        }

        var key = IdempotencyHeader.Of(call.Request, "PUT jobs", body);
        call.RefuseWhileDraining();
        var receipt = await SubmitAsync(call, Submissions.From(call, request, id), key);
        Submissions.SetKind(call, receipt.Kind);
        var status = receipt.Kind is SubmitReceiptKind.Created ? 201 : 200;
        await Submissions.AnswerAsync(call, receipt.Job, Preferences.Of(call.Request, call.Api.Options.WaitMax), status, receivedAt, location: false);
    }

    private static async ValueTask<SubmitReceipt> SubmitAsync(ApiCall call, JobSubmission submission, IdempotencyKey? key)
    {
        var onlyNew = call.Request.Headers.IfNoneMatch is ["*"];
        try
        {
            var receipt = await call.Jobs.SubmitAsync(submission, key, call.Aborted);
            return onlyNew && receipt.Kind is not SubmitReceiptKind.Created ? throw Exists(call, receipt.Job) : receipt;
        }
        catch (JobProblemException e) when (onlyNew && e.Problem is { Name: JobProblems.JobExists, Job: { } job })
        {
            throw Exists(call, job);
        }
    }

    private static ApiProblemException Exists(ApiCall call, Job job) => new(
        new ApiProblem(ProblemCatalog.PreconditionFailed, "There is a job with this id already.") { CurrentEtag = EntityTag.Of(job.RevisionAt(call.Now)) });
}
