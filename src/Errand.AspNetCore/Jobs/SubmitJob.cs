using Errand.Contracts;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary><c>POST /jobs</c>.</summary>
internal static class SubmitJob
{
    public static readonly ApiParameter[] Headers =
    [
        new(IdempotencyHeader.Name, "Makes the submit happen once, however often it is sent: 1 to 255 visible ASCII characters. Remembered for 24 hours. The same key with another body is a 422."),
        new("Prefer", "wait=N: hold the answer until the job is finished, at most N seconds. return=minimal: headers only. respond-async: do not wait."),
        new("traceparent", "W3C trace context; kept with the job."),
    ];

    public static readonly ApiRoute Route = new("submitJob", "POST", "jobs", ErrandScopes.Submit, AnswerAsync)
    {
        Tag = "Jobs",
        Summary = "Submits a job. When this is answered the job is on disk.",
        Query = [new("validateOnly", "true: only check, and answer with the job as it would be.", "boolean")],
        Headers = Headers,
        Consumes = [MediaTypes.Json],
        Body = typeof(SubmitJobRequest),
        Replies =
        [
            new(202, "Accepted, or accepted before under the same Idempotency-Key.", typeof(JobResource), [.. Submissions.AnswerHeaders]),
            new(200, "Finished within Prefer: wait; or valid, with validateOnly.", typeof(JobResource), [.. Submissions.AnswerHeaders]),
            new(404, "The type is unknown."),
            new(409, "A live job has the unique key, or the first request with this Idempotency-Key is still being answered."),
            new(422, "The Idempotency-Key was used for another request, or the input does not match the schema."),
        ],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var receivedAt = call.Api.Time.GetTimestamp();
        var body = await JsonBody.ReadAsync(call);
        var request = JsonBody.Bind(body, JsonBody.Strict.SubmitJobRequest);
        if (request.Id is not null) throw new ApiProblemException(ApiProblem.Invalid("#/id", "A job with an id of your own is sent by PUT /jobs/{id}."));
        var key = IdempotencyHeader.Of(call.Request, "POST jobs", body);
        var submission = Submissions.From(call, request, id: null);
        if (QueryParameters.Flag(call.Request, "validateOnly"))
        {
            var valid = await call.Jobs.ValidateAsync(submission, call.Aborted);
            await call.JsonAsync(200, call.Map.Job(valid, stored: false), ErrandJsonContext.Default.JobResource);
            return;
        }

        call.RefuseWhileDraining();
        var receipt = await call.Jobs.SubmitAsync(submission, key, call.Aborted);
        Submissions.SetKind(call, receipt.Kind);
        await Submissions.AnswerAsync(call, receipt.Job, Preferences.Of(call.Request, call.Api.Options.WaitMax), 202, receivedAt);
    }
}
