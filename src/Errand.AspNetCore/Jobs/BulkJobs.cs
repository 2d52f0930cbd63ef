using System.Text.Json;
using System.Text.Json.Serialization;
using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>
/// <c>POST /jobs/bulk-cancel</c>, <c>bulk-retry</c>, <c>bulk-delete</c>: a job of our own type, so that a bulk action has a status, progress and a cancel like any other.
/// </summary>
internal static class BulkJobs
{
    private const string Type = "system.bulk";

    public static readonly IReadOnlyList<ApiRoute> Routes = [Make("cancel", "Cancels"), Make("retry", "Retries"), Make("delete", "Removes")];

    private static ApiRoute Make(string action, string verb) => new($"bulk{char.ToUpperInvariant(action[0])}{action[1..]}", "POST", $"jobs/bulk-{action}", ErrandScopes.Admin, call => AnswerAsync(call, action))
    {
        Tag = "Bulk",
        Summary = $"{verb} every job of the tenant that matches a filter, by a job of the type {Type}.",
        Headers = [SubmitJob.Headers[0]],
        Consumes = [MediaTypes.Json],
        Body = typeof(BulkRequest),
        Replies = [new(202, "The job that does it.", typeof(JobResource), [.. Submissions.AnswerHeaders]), new(404, $"No worker here runs {Type}.")],
    };

    private static async Task AnswerAsync(ApiCall call, string action)
    {
        var receivedAt = call.Api.Time.GetTimestamp();
        var body = await JsonBody.ReadAsync(call);
        var request = JsonBody.Bind(body, JsonBody.Strict.BulkRequest);
        if (!JobFilterParser.TryParse(request.Filter, call.Now, out var filter, out var error)) throw new ApiProblemException(ApiProblem.Invalid("#/filter", error.ToString()));
        if (request.Reason is { Length: > 500 }) throw new ApiProblemException(ApiProblem.Invalid("#/reason", "A reason has at most 500 characters."));
        var key = IdempotencyHeader.Of(call.Request, $"POST jobs/bulk-{action} {call.Principal.Caller.Subject}", body);
        call.RefuseWhileDraining();

        // The selection is frozen: jobs that are accepted after this request are none of its business.
        var caller = call.Principal.Caller;
        var frozen = filter with { CreatedBefore = filter.CreatedBefore is { } end && end < call.Now ? end : call.Now };
        var input = new BulkInput(action, JobFilterParser.Format(frozen), request.Reason, caller.Subject);
        var submission = new JobSubmission { Type = Type, Input = JsonSerializer.SerializeToUtf8Bytes(input, BulkJson.Default.BulkInput) };

        // Nobody but Errand itself may submit internal types; whoever may do this sees the whole tenant, and so this job.
        var receipt = await call.Api.Clients.For(JobCaller.System(caller.Tenant)).SubmitAsync(submission, key, call.Aborted);
        Submissions.SetKind(call, receipt.Kind);
        await Submissions.AnswerAsync(call, receipt.Job, Preferences.Of(call.Request, call.Api.Options.WaitMax), 202, receivedAt);
    }
}

/// <summary>The input of <c>system.bulk</c>.</summary>
/// <param name="Action"><c>cancel</c>, <c>retry</c> or <c>delete</c>.</param>
/// <param name="Filter">Which jobs, with instants only.</param>
/// <param name="Reason">Why.</param>
/// <param name="RequestedBy">Who asked.</param>
internal sealed record BulkInput(string Action, string Filter, string? Reason, string RequestedBy);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BulkInput))]
internal sealed partial class BulkJson : JsonSerializerContext;
