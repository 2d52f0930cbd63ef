using Errand.Storage;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Writes items one after the other.</summary>
internal interface IItemFormat
{
    void Begin(BodyBuffer buffer);

    void Write(BodyBuffer buffer, JobItem item, ApiMapping map);
}

/// <summary>Sends every item of a job, however many, with one page of them in memory.</summary>
internal static class ItemStream
{
    private const int PageSize = 1000;

    public static async Task SendAsync(ApiCall call, JobItemStatus? status, string contentType, IItemFormat format)
    {
        // The first page is read before anything is sent, so that a refusal is still a problem.
        var items = await ReadAsync(call, status, after: -1);
        var response = call.Response;
        response.ContentType = contentType;
        response.Headers.CacheControl = ApiAnswer.NoStore;
        response.Headers.Vary = ApiAnswer.Vary;
        if (HttpMethods.IsHead(call.Request.Method)) return;

        using var buffer = new BodyBuffer();
        format.Begin(buffer);
        while (true)
        {
            foreach (var item in items) format.Write(buffer, item, call.Map);
            await response.Body.WriteAsync(buffer.Written, call.Aborted);
            buffer.Clear();
            if (items.Count < PageSize || items[^1].Index is not { } last) return;
            items = await ReadAsync(call, status, last);
        }
    }

    private static ValueTask<IReadOnlyList<JobItem>> ReadAsync(ApiCall call, JobItemStatus? status, int after) =>
        call.Contents.ListItemsAsync(call.JobId, new ItemQuery(after, status, PageSize), call.Aborted);
}
