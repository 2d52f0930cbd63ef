using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary><c>POST /jobs/batch</c>.</summary>
internal static class SubmitBatch
{
    private const int JobsMax = 1000;

    public static readonly ApiRoute Route = new("submitBatch", "POST", "jobs/batch", ErrandScopes.Submit, AnswerAsync)
    {
        Tag = "Jobs",
        Summary = "Submits up to 1,000 jobs in one transaction, all or none with atomic.",
        Headers = [SubmitJob.Headers[0], SubmitJob.Headers[2]],
        Consumes = [MediaTypes.Json],
        Body = typeof(SubmitBatchRequest),
        Replies =
        [
            new(202, "One entry per job, in the order in which they were sent.", typeof(BatchResource), "Idempotency-Replayed"),
            new(404, "A type is unknown, with atomic."),
            new(409, "A job is in the way, with atomic."),
            new(422, "A job is refused, with atomic; or the Idempotency-Key was used for another request."),
        ],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var body = await JsonBody.ReadAsync(call);
        var request = JsonBody.Bind(body, JsonBody.Strict.SubmitBatchRequest);
        if (request.Items.Count is 0 or > JobsMax)
        {
            throw new ApiProblemException(ApiProblem.Invalid("#/items", $"A batch has 1 to {JobsMax} jobs, not {request.Items.Count}."));
        }

        var submissions = request.Items.Select((item, index) => From(call, item, $"#/items/{index}")).ToList();
        var key = IdempotencyHeader.Of(call.Request, "POST jobs/batch", body);
        call.RefuseWhileDraining();
        var replies = await call.Jobs.SubmitManyAsync(submissions, request.Atomic, key, call.Aborted);
        if (key is not null && replies.Any(r => r.Receipt?.Kind is SubmitReceiptKind.Replayed)) Submissions.SetKind(call, SubmitReceiptKind.Replayed);
        await call.JsonAsync(202, new BatchResource([.. replies.Select(r => Entry(call, r))]), ErrandJsonContext.Default.BatchResource);
    }

    private static JobSubmission From(ApiCall call, SubmitJobRequest item, string pointer)
    {
        if (item is null) throw new ApiProblemException(ApiProblem.Invalid(pointer, "A job is an object, not null."));
        if (item.Id is null) return Submissions.From(call, item, id: null, pointer);
        if (!JobId.TryParse(item.Id, out var id)) throw new ApiProblemException(ApiProblem.Invalid($"{pointer}/id", "An id is a UUID: 32 hex digits."));
        return Submissions.From(call, item, id, pointer);
    }

    private static BatchEntry Entry(ApiCall call, SubmitReply reply)
    {
        if (reply.Receipt is { } receipt) return new BatchEntry(202, Job: call.Map.Job(receipt.Job));
        var problem = ApiProblem.From(reply.Problem!, call.Now);
        return new BatchEntry(problem.Kind.Status, Problem: call.Api.Problems.ToResource(problem, call.Urls));
    }
}
