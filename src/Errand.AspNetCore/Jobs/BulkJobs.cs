using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>
/// <c>POST /jobs/bulk-cancel</c>, <c>bulk-retry</c>, <c>bulk-delete</c>: a job of our own type, so that a bulk action has a status, progress and a cancel like any other.
/// </summary>
internal static class BulkJobs
{
    public static readonly IReadOnlyList<ApiRoute> Routes = [Make(BulkAction.Cancel, "Cancels"), Make(BulkAction.Retry, "Retries"), Make(BulkAction.Delete, "Removes")];

    private static ApiRoute Make(BulkAction action, string verb) => new(
        $"bulk{action}", "POST", $"jobs/bulk-{WireWords.Of(action)}", ErrandScopes.Admin, call => AnswerAsync(call, action))
    {
        Tag = "Bulk",
        Summary = $"{verb} every job of the tenant that matches a filter, by a job of the type {BulkJob.TypeName}.",
        Headers = [SubmitJob.Headers[0]],
        Consumes = [MediaTypes.Json],
        Body = typeof(BulkRequest),
        Replies = [new(202, "The job that does it.", typeof(JobResource), [.. Submissions.AnswerHeaders]), new(404, $"Bulk actions are not set up here: AddBulkActions() is missing.")],
    };

    private static async Task AnswerAsync(ApiCall call, BulkAction action)
    {
        var receivedAt = call.Api.Time.GetTimestamp();
        var body = await JsonBody.ReadAsync(call);
        var request = JsonBody.Bind(body, JsonBody.Strict.BulkRequest);
        if (!JobFilterParser.TryParse(request.Filter, call.Now, out var filter, out var error)) throw new ApiProblemException(ApiProblem.Invalid("#/filter", error.ToString()));
        if (request.Reason is { Length: > 500 }) throw new ApiProblemException(ApiProblem.Invalid("#/reason", "A reason has at most 500 characters."));
        var key = IdempotencyHeader.Of(call.Request, $"POST jobs/bulk-{WireWords.Of(action)} {call.Principal.Caller.Subject}", body);
        call.RefuseWhileDraining();

        var caller = call.Principal.Caller;
        var bulk = new BulkJob
        {
            Action = action,
            Filter = JobFilterParser.Format(filter),
            AsOf = call.Now,
            Tenant = caller.Tenant,
            Subject = caller.Subject,
            SeesAll = caller.SeesAll,
            Reason = request.Reason,
        };
        var submission = new JobSubmission { Type = BulkJob.TypeName, Input = bulk.ToJson() };

        // Nobody but Errand itself may submit internal types; whoever may do this sees the whole tenant, and so this job.
        var receipt = await call.Api.Clients.For(JobCaller.System(caller.Tenant)).SubmitAsync(submission, key, call.Aborted);
        Submissions.SetKind(call, receipt.Kind);
        await Submissions.AnswerAsync(call, receipt.Job, Preferences.Of(call.Request, call.Api.Options.WaitMax), 202, receivedAt);
    }
}
