using System.Globalization;
using Errand.AspNetCore;
using Errand.Storage;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Alteryx;

/// <summary>Which jobs of a workflow are listed: <c>sortField</c>, <c>direction</c>, <c>offset</c>, <c>limit</c>, <c>status</c>, <c>resultCode</c>; all of them texts, each optional.</summary>
internal sealed record JobListing(string SortField, bool Descending, int Offset, int Limit, string? Status, string? ResultCode)
{
    private const int LimitDefault = 100;
    private const int LimitMax = 1_000;

    /// <summary>The list is a window on the latest jobs, not a way through all of them: that is the native API's.</summary>
    private const int WindowMax = 10_000;

    private static readonly string[] Fields = ["createDate", "createDateTime", "id", "status", "priority", "workerTag"];
    private static readonly string[] Statuses = ["Created", "Queued", "Running", "Completed", "Complete", "Cancelled", "Error"];
    private static readonly string[] ResultCodes = ["Success", "Warning", "Error"];

    public static JobListing Read(IQueryCollection query, List<JobFieldError> errors)
    {
        var direction = OneOf(query, "direction", ["asc", "desc"], errors);
        var sort = OneOf(query, "sortField", Fields, errors) ?? "createDate";
        return new(
            sort, direction is null ? sort is "createDate" or "createDateTime" or "id" : direction == "desc",
            Number(query, "offset", 0, WindowMax, 0, errors), Number(query, "limit", 1, LimitMax, LimitDefault, errors),
            OneOf(query, "status", Statuses, errors), OneOf(query, "resultCode", ResultCodes, errors));
    }

    public async ValueTask<IReadOnlyList<Job>> FetchAsync(DialectCall call, AlteryxSight sight, Workflow workflow)
    {
        var byAge = SortField is "createDate" or "createDateTime" or "id";
        var most = byAge && Status is null && ResultCode is null ? Math.Min(WindowMax, Offset + Limit) : WindowMax;
        var filter = new JobFilter { Types = [workflow.Type.Name] };
        List<Job> jobs = [];
        await CollectAsync(sight.SeesJobsOf(workflow) ? sight.Jobs : call.Clients.For(call.Principal.Caller with { SeesAll = false }), filter, most, jobs, call.Aborted);
        if (!sight.SeesJobsOf(workflow))
        {
            foreach (var schedule in await sight.SharedSchedulesAsync(workflow))
            {
                List<Job> made = [];
                await CollectAsync(sight.Jobs, filter with { ScheduleId = schedule }, most, made, call.Aborted);
                foreach (var job in made)
                {
                    if (await sight.SeesAsync(job, workflow)) jobs.Add(job);
                }
            }
        }

        return [.. Order(jobs.DistinctBy(job => job.Head.Id).Where(Matches)).Skip(Offset).Take(Limit)];
    }

    private async ValueTask CollectAsync(IJobClient client, JobFilter filter, int most, List<Job> into, CancellationToken cancellationToken)
    {
        var order = Descending ? JobOrder.CreatedDescending : JobOrder.CreatedAscending;
        var begun = into.Count;
        var after = (JobCursor?)null;
        do
        {
            var page = await client.ListAsync(filter, order, after, 200, cancellationToken);
            into.AddRange(page.Jobs);
            after = page.Next;
        }
        while (after is not null && into.Count - begun < most);
    }

    private bool Matches(Job job) =>
        Status switch
        {
            null => true,
            "Error" => job.Head.State is JobState.Failed,
            "Complete" => AlteryxMapping.Status(job.Head) == "Completed",
            _ => AlteryxMapping.Status(job.Head) == Status,
        }
        && (ResultCode is null || AlteryxMapping.ResultCode(job) == ResultCode);

    private IEnumerable<Job> Order(IEnumerable<Job> jobs)
    {
        Func<Job, string> key = SortField switch
        {
            "status" => job => AlteryxMapping.Status(job.Head),
            "priority" => job => job.Head.Priority.ToString(CultureInfo.InvariantCulture),
            "workerTag" => AlteryxMapping.WorkerTag,
            _ => job => job.Head.Sequence.ToString("D19", CultureInfo.InvariantCulture),
        };
        return Descending
            ? jobs.OrderByDescending(key, StringComparer.Ordinal).ThenByDescending(job => job.Head.Sequence)
            : jobs.OrderBy(key, StringComparer.Ordinal).ThenBy(job => job.Head.Sequence);
    }

    private static string? OneOf(IQueryCollection query, string name, string[] words, List<JobFieldError> errors)
    {
        if (query[name].ToString() is not { Length: > 0 } said) return null;
        var known = Array.Find(words, word => word.Equals(said, StringComparison.OrdinalIgnoreCase));
        if (known is null) errors.Add(new(name, $"'{said}' is none of {string.Join(", ", words)}."));
        return known;
    }

    private static int Number(IQueryCollection query, string name, int least, int most, int otherwise, List<JobFieldError> errors)
    {
        if (query[name].ToString() is not { Length: > 0 } said) return otherwise;
        if (int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        errors.Add(new(name, $"'{said}' is no whole number from {least} to {most}."));
        return otherwise;
    }
}
