using System.Globalization;
using System.Text.Json;

namespace Errand.Dialects.Zendesk;

/// <summary>Shows a job the vendor's way. Pure.</summary>
internal sealed class ZendeskMapping(ZendeskOptions options)
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>The answer for one job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="items">Its reported items.</param>
    /// <param name="root">Scheme, host and prefix.</param>
    public ZendeskJobStatus Of(Job job, IReadOnlyList<JobItem> items, string root)
    {
        var waits = Waits(job.Head);
        var bulk = !ZendeskStarters.IsPermanentDeletion(job) || !job.Head.State.IsTerminal();
        return new ZendeskJobStatus
        {
            Id = job.Head.Id.ToString(),
            JobType = options.SeedStrict ? null : job.Head.Type,
            Url = $"{root}/api/v2/job_statuses/{job.Head.Id}.json",
            Total = bulk ? TotalOf(job) : null,
            Progress = !bulk ? null : waits && !options.SeedStrict ? null : ProgressOf(job),
            Status = StatusOf(job.Head),
            Message = MessageOf(job),
            Results = ResultsOf(job, items, waits),
        };
    }

    /// <summary>True when the vendor would not know the job any more.</summary>
    public bool IsGone(JobHead head, DateTimeOffset now)
    {
        var grace = Grace < options.Retention ? Grace : options.Retention;
        return head.FinishedAt is { } finished && now - head.CreatedAt >= options.Retention && now - finished >= grace;
    }

    /// <summary>The vendor's word. The wait between two attempts reads <c>working</c>, and so does a cancel under way: a status never falls back.</summary>
    public string StatusOf(JobHead head) => head.State switch
    {
        JobState.Succeeded => "completed",
        JobState.Failed => "failed",
        JobState.Canceled => "killed",
        _ => Waits(head) && !options.SeedStrict ? "queued" : "working",
    };

    private static bool Waits(JobHead head) => head.State is JobState.Queued && head.Attempt == 0;

    // A job without items is one task.
    private static long TotalOf(Job job) => job.Details.ItemCount ?? (job.Items is { } counts ? Math.Max(counts.Completed, job.Progress?.Total ?? 0) : 1);

    private static long ProgressOf(Job job) =>
        job.Items?.Completed ?? (job.Head.State is JobState.Succeeded ? TotalOf(job) : 0);

    private string? MessageOf(Job job) => (job.Head.State, job.Head.FinishedAt) switch
    {
        (JobState.Succeeded, { } at) => $"Completed at {Date(at)}",
        (JobState.Failed, { } at) => $"Failed at {Date(at)}{Because(job.Head.Error?.Message)}",
        (JobState.Canceled, { } at) => $"Killed at {Date(at)}{Because(job.Head.CancelReason)}",
        _ => job.Progress?.Message ?? (options.SeedStrict ? "" : null),
    };

    private static string Because(string? reason) => string.IsNullOrEmpty(reason) ? "" : $": {reason}";

    private string Date(DateTimeOffset at) => at.UtcDateTime.ToString(
        options.SeedStrict ? "ddd MMM dd HH':'mm':'ss '+0000' yyyy" : "yyyy'-'MM'-'dd HH':'mm':'ss '+0000'", CultureInfo.InvariantCulture);

    private JsonElement? ResultsOf(Job job, IReadOnlyList<JobItem> items, bool waits)
    {
        if (waits && !options.SeedStrict) return null;
        if (ZendeskStarters.IsPermanentDeletion(job) && job.Head.State.IsTerminal())
        {
            var done = job.Head.State is JobState.Succeeded && job.Items is not { Failed: > 0 };
            return JsonSerializer.SerializeToElement(new ZendeskSuccess(done), ZendeskJson.Default.ZendeskSuccess);
        }

        var action = ZendeskStarters.ActionOf(job);
        return JsonSerializer.SerializeToElement([.. items.Select(item => ZendeskItems.Of(item, action))], ZendeskSparseJson.Default.ZendeskResultArray);
    }
}
