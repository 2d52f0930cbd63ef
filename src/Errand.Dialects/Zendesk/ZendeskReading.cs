using System.Globalization;
using Errand.AspNetCore;
using Errand.Storage;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Zendesk;

/// <summary>Shows jobs: one, several, all.</summary>
internal sealed class ZendeskReading(ZendeskOptions options, ZendeskMapping mapping)
{
    // Bulk jobs of this wire have 100 items at most; those of other wires may have any number, and an answer is one document.
    private const int ItemsMax = 1_000;
    private const int PageMax = 100;

    /// <summary>An id as paths have it: with or without <c>.json</c>.</summary>
    public static string WithoutSuffix(string value) => value.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? value[..^5] : value;

    public async Task ShowAsync(DialectCall call)
    {
        var job = await FindAsync(call, WithoutSuffix(call.RouteValue("id"))) ?? throw new JobProblemException(JobProblems.NotFound, "There is no such job.");
        if (call.TrySendFinished(job)) return;
        var status = await DescribeAsync(call, job);
        await (options.Envelope switch
        {
            ZendeskEnvelope.Bare => call.SendFinishedAsync(job, "", status, ZendeskJson.Default.ZendeskJobStatus, ZendeskProblems.JsonType),
            ZendeskEnvelope.Envelope => call.SendFinishedAsync(job, "", new ZendeskOne(status), ZendeskJson.Default.ZendeskOne, ZendeskProblems.JsonType),
            _ => call.SendFinishedAsync(job, "", Both(status), ZendeskJson.Default.ZendeskBoth, ZendeskProblems.JsonType),
        });
    }

    public async Task ShowManyAsync(DialectCall call)
    {
        var ids = Ids(call.Request, "ids");
        if (ids.Count == 0) throw ZendeskStarting.Refusal(new ZendeskMistake("ids", "blank", "ids: cannot be blank: ?ids=a,b"));
        if (ids.Count > ZendeskElements.Max) throw ZendeskStarting.Refusal(new ZendeskMistake(null, "TooManyValues", $"The request has {ids.Count} ids; {ZendeskElements.Max} are the most."));
        List<ZendeskJobStatus> found = [];
        foreach (var id in ids.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (await FindAsync(call, id) is { } job) found.Add(await DescribeAsync(call, job));
        }

        await call.Http.WriteJsonAsync(new ZendeskMany(found), ZendeskJson.Default.ZendeskMany, 200, ZendeskProblems.JsonType);
    }

    public async Task ListAsync(DialectCall call)
    {
        var size = int.TryParse(call.Request.Query["page[size]"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? Math.Min(asked, PageMax) : PageMax;
        var (after, before) = (Cursor(call.Request, "page[after]"), Cursor(call.Request, "page[before]"));
        var pages = new ZendeskPages(JobsOf(call), mapping, options.Retention, call.Now, call.Aborted);
        var backwards = before is not null;
        var (jobs, more) = await pages.ReadAsync(before ?? after, backwards, size);
        List<ZendeskJobStatus> statuses = [];
        foreach (var job in jobs) statuses.Add(await DescribeAsync(call, job));

        // Coming from a place, there is something on the side that was come from.
        var (hasNext, hasPrevious) = backwards ? (true, more) : (more, after is not null);
        var (last, first) = jobs.Count > 0
            ? (ZendeskCursor.Of(jobs[^1]).ToString(), ZendeskCursor.Of(jobs[0]).ToString())
            : ((before ?? after)?.ToString(), (before ?? after)?.ToString());
        var next = hasNext ? Link(call, size, "after", last) : null;
        var previous = hasPrevious ? Link(call, size, "before", first) : null;
        int? count = next is null && previous is null ? statuses.Count : null;
        await call.Http.WriteJsonAsync(
            new ZendeskList(statuses, count, next, previous, new ZendeskMeta(hasNext, last, first), new ZendeskLinks(previous, next)),
            ZendeskJson.Default.ZendeskList, 200, ZendeskProblems.JsonType);
    }

    /// <summary>The ids of a query: separated by commas, or given more than once.</summary>
    public static IReadOnlyList<string> Ids(HttpRequest request, string name) =>
        [.. request.Query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>A job with its items, the vendor's way.</summary>
    public async Task<ZendeskJobStatus> DescribeAsync(DialectCall call, Job job)
    {
        List<JobItem> items = [];
        if (job.Items is not null)
        {
            var contents = call.Clients.ContentsFor(call.Principal.Caller with { SeesAll = true });
            int read;
            do
            {
                var some = await contents.ListItemsAsync(job.Head.Id, new ItemQuery(items.Count == 0 ? -1 : items[^1].Index!.Value), call.Aborted);
                items.AddRange(some);
                read = some.Count;
            }
            while (read > 0 && items.Count < ItemsMax);
        }

        return mapping.Of(job, items, call.BaseUrl);
    }

    /// <summary>Every caller of an account sees the account's jobs.</summary>
    public static IJobClient JobsOf(DialectCall call) => call.Clients.For(call.Principal.Caller with { SeesAll = true });

    private async ValueTask<Job?> FindAsync(DialectCall call, string text)
    {
        if (!JobId.TryParse(text, out var id)) return null;
        var found = await JobsOf(call).FindAsync(id, cancellationToken: call.Aborted);
        return found.Job is { } job && !mapping.IsGone(job.Head, call.Now) ? job : null;
    }

    private static ZendeskCursor? Cursor(HttpRequest request, string name)
    {
        if (request.Query[name].ToString() is not { Length: > 0 } text) return null;
        return ZendeskCursor.TryParse(text, out var cursor) ? cursor : throw ZendeskStarting.Refusal(new ZendeskMistake(null, "InvalidPaginationParameter", $"{name} is not a cursor of this list."));
    }

    private static string Link(DialectCall call, int size, string direction, string? cursor) =>
        $"{call.BaseUrl}/api/v2/job_statuses.json?page%5B{direction}%5D={cursor}&page%5Bsize%5D={size.ToString(CultureInfo.InvariantCulture)}";

    private static ZendeskBoth Both(ZendeskJobStatus status) => new()
    {
        JobStatus = status,
        Id = status.Id,
        JobType = status.JobType,
        Url = status.Url,
        Total = status.Total,
        Progress = status.Progress,
        Status = status.Status,
        Message = status.Message,
        Results = status.Results,
    };
}
