using Errand.Contracts;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary><c>GET /jobs</c>.</summary>
internal static class ListJobs
{
    public static readonly ApiParameter[] FilterQuery =
    [
        new("filter", "The filter language: status:failed type:report.* label.tenant:acme created:<2h"),
        new("status", "Statuses, separated by commas."),
        new("type", "Types, separated by commas; a trailing * matches a prefix."),
        new("queue", "Queues, separated by commas."),
        new("label.", "label.NAME=VALUE: a label that must be there."),
    ];

    public static readonly ApiRoute Route = new("listJobs", "GET", "jobs", ErrandScopes.Read, AnswerAsync)
    {
        Tag = "Jobs",
        Summary = "Lists the caller's jobs, or the tenant's with jobs.read.all. Without inputs and results.",
        Query =
        [
            .. FilterQuery,
            new("createdAfter", "Accepted at or after."), new("createdBefore", "Accepted before."), new("finishedAfter", "Finished at or after."),
            new("scheduleId", "Made by this schedule."), new("correlationId", "Of this group of requests."),
            new("orderBy", "createdAt or finishedAt, followed by desc for the newest first. Default: createdAt desc."),
            new("pageSize", "Entries a page. Default: 50, at most 200.", "integer"),
            new("pageToken", "The nextPageToken of the page before."),
        ],
        Replies = [new(200, "One page.", typeof(Page<JobResource>), "Link")],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var place = await PageTokens.OpenAsync(call, 3);

        // Ages count from the first page, so that the pages of one list fit together.
        var filter = JobFilterQuery.Read(call.Request, place is null ? call.Now : new DateTimeOffset(place[2], TimeSpan.Zero));
        var order = Order(call);
        var cursor = place is null ? default(JobCursor?) : new JobCursor(place[1] == 0 ? null : new DateTimeOffset(place[1], TimeSpan.Zero), place[0]);
        var page = await call.Jobs.ListAsync(filter, order, cursor, QueryParameters.PageSize(call.Request), call.Aborted);
        var next = page.Next is { } after
            ? await PageTokens.SealAsync(call, after.Sequence, after.Time?.UtcTicks ?? 0, place?[2] ?? call.Now.UtcTicks)
            : null;
        await call.JobsAsync(page.Jobs, next);
    }

    private static JobOrder Order(ApiCall call) => QueryParameters.Text(call.Request, "orderBy") switch
    {
        null or "createdAt desc" => JobOrder.CreatedDescending,
        "createdAt" or "createdAt asc" => JobOrder.CreatedAscending,
        "finishedAt desc" => JobOrder.FinishedDescending,
        "finishedAt" or "finishedAt asc" => JobOrder.FinishedAscending,
        var other => throw QueryParameters.Bad("orderBy", $"'orderBy' is createdAt or finishedAt, with or without ' desc', not '{other}'."),
    };
}
