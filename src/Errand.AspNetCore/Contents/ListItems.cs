using Errand.Contracts;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary><c>GET /jobs/{id}/items</c>: a page as JSON, or all of them as a stream of NDJSON or CSV.</summary>
internal static class ListItems
{
    public static readonly ApiRoute Route = new("listItems", "GET", "jobs/{id}/items", ErrandScopes.Read, AnswerAsync)
    {
        Tag = "Contents",
        Summary = "Lists the items of a batch job by index: one page as JSON, or all of them as NDJSON or CSV.",
        Query =
        [
            new("status", "succeeded or failed."), new("pageSize", "Entries a page, JSON only. Default: 50, at most 200.", "integer"),
            new("pageToken", "The nextPageToken of the page before, JSON only."),
        ],
        Produces = [MediaTypes.Json, MediaTypes.Ndjson, MediaTypes.Csv],
        Replies =
        [
            new(200, "The items.", typeof(Page<ItemResource>), "Link"), new(404, "Unknown, or not visible."), new(410, "The job was there and is purged."),
        ],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var status = QueryParameters.OptionalWord<JobItemStatus>(call.Request, "status");
        var type = MediaTypes.Choose(call.Request, call.Route.Produces);
        if (type is MediaTypes.Ndjson) await ItemStream.SendAsync(call, status, MediaTypes.Ndjson, new NdjsonItems());
        else if (type is MediaTypes.Csv) await ItemStream.SendAsync(call, status, MediaTypes.Csv + "; charset=utf-8; header=present", new CsvItems());
        else await PageAsync(call, status);
    }

    private static async Task PageAsync(ApiCall call, JobItemStatus? status)
    {
        var after = await PageTokens.OpenAsync(call, 1);
        var size = QueryParameters.PageSize(call.Request);
        var items = await call.Contents.ListItemsAsync(call.JobId, new ItemQuery((int)(after?[0] ?? -1), status, size), call.Aborted);
        var next = items.Count == size && items[^1].Index is { } last ? await PageTokens.SealAsync(call, last) : null;
        await call.PageAsync(new Page<ItemResource> { Items = [.. items.Select(call.Map.Item)], NextPageToken = next }, ErrandJsonContext.Default.PageItemResource);
    }
}
