using Errand.Contracts;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary><c>GET /jobs/{id}/messages</c>.</summary>
internal static class ListMessages
{
    public static readonly ApiRoute Route = new("listMessages", "GET", "jobs/{id}/messages", ErrandScopes.Read, AnswerAsync)
    {
        Tag = "Contents",
        Summary = "Lists the lines of a job's log, oldest first.",
        Query =
        [
            new("severity", "Only lines at least this grave: debug, info, warning, error."), new("attempt", "Only lines of this attempt.", "integer"),
            new("after", "Only lines with a greater sequence: to follow a log.", "integer"),
            new("pageSize", "Lines a page. Default: 50, at most 200.", "integer"), new("pageToken", "The nextPageToken of the page before."),
        ],
        Replies =
        [
            new(200, "One page.", typeof(Page<MessageResource>), "Link"), new(404, "Unknown, or not visible."), new(410, "The job was there and is purged."),
        ],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var place = await PageTokens.OpenAsync(call, 1);
        var size = QueryParameters.PageSize(call.Request);
        var query = new MessageQuery(
            Math.Max(place?[0] ?? 0, QueryParameters.Number(call.Request, "after", 0, long.MaxValue) ?? 0),
            QueryParameters.Word(call.Request, "severity", JobSeverity.Debug),
            (int?)QueryParameters.Number(call.Request, "attempt", 1, int.MaxValue),
            size);
        var page = await call.Contents.ListMessagesAsync(call.JobId, query, call.Aborted);
        var next = page.Messages.Count == size ? await PageTokens.SealAsync(call, page.Messages[^1].Sequence) : null;
        await call.PageAsync(
            new Page<MessageResource> { Items = [.. page.Messages.Select(ApiMapping.Message)], NextPageToken = next, Dropped = page.Dropped > 0 ? page.Dropped : null },
            ErrandJsonContext.Default.PageMessageResource);
    }
}
