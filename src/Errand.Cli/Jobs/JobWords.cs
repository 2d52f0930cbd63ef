using Errand.Contracts;

namespace Errand.Cli.Jobs;

/// <summary>What a job's state is called. That some items failed is never left out.</summary>
internal static class JobWords
{
    /// <summary><c>succeeded, 3 of 480 items failed</c>.</summary>
    public static string Headline(JobResource job) =>
        job.Progress is { Failed: > 0 and var failed } progress
            ? $"{job.Status.Word()}, {failed} of {progress.Total ?? progress.Completed} items failed"
            : job.Status.Word();

    /// <summary><c>120 of 480 (25 %), rendering</c>; empty when nothing was reported.</summary>
    public static string Progress(ProgressResource? progress)
    {
        if (progress is null) return "";
        var counts = (progress.Completed, progress.Total) switch
        {
            ({ } done, { } total) => $"{done} of {total}{(progress.Unit is { } unit ? $" {unit}" : "")}",
            ({ } done, null) => $"{done}{(progress.Unit is { } unit ? $" {unit}" : "")}",
            _ => null,
        };
        var percent = Percent(progress) is { } value ? $"{Math.Floor(value):0} %" : null;
        var amount = counts is not null && percent is not null ? $"{counts} ({percent})" : counts ?? percent;
        return string.Join(", ", new[] { amount, progress.Message }.Where(part => !string.IsNullOrEmpty(part)));
    }

    /// <summary>0 to 100, from the counts where no percentage was reported.</summary>
    public static double? Percent(ProgressResource? progress) =>
        progress?.Percent ?? (progress is { Total: > 0 } ? 100.0 * (progress.Completed ?? 0) / progress.Total : null);

    /// <summary>What a script is told of a finished job.</summary>
    public static int ExitCode(JobResource job) => job switch
    {
        { Status: JobStatus.Succeeded, Progress.Failed: > 0 } => ExitCodes.ItemsFailed,
        { Status: JobStatus.Succeeded } => ExitCodes.Ok,
        { Status: JobStatus.Canceled } => ExitCodes.Canceled,
        { Status: JobStatus.Failed, Error.Code: JobErrorCodes.DeadlineExceeded or JobErrorCodes.ExpiredBeforeStart } => ExitCodes.Canceled,
        { Status: JobStatus.Failed } => ExitCodes.JobFailed,
        _ => ExitCodes.TimedOut,
    };

    /// <summary>Of several exit codes the one that matters most.</summary>
    public static int Worst(IEnumerable<int> codes)
    {
        int[] order = [ExitCodes.TimedOut, ExitCodes.JobFailed, ExitCodes.Canceled, ExitCodes.ItemsFailed];
        var seen = codes.ToHashSet();
        return order.FirstOrDefault(seen.Contains, ExitCodes.Ok);
    }
}
