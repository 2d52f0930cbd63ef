namespace Errand.Dialects.Workiva;

/// <summary>Puts a job into the words of the queue-jobs wire. Pure.</summary>
internal static class QueueJobMapping
{
    /// <summary>The answer to a look at a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="requestId">The request that looks.</param>
    /// <param name="nextUrl">Where a successful job's output, or the job, lies.</param>
    public static QueueJobData Data(Job job, Guid requestId, string nextUrl)
    {
        var head = job.Head;
        var data = new QueueJob
        {
            Created = WorkivaExchange.Text(head.CreatedAt),
            Finished = head.FinishedAt is { } finished ? WorkivaExchange.Text(finished) : null,
            Id = head.Id.ToString(),
            NextUrl = head.State is JobState.Succeeded ? nextUrl : "",
            Status = StatusOf(head),
        };
        return new QueueJobData(data, requestId.ToString()) { Message = MessageOf(head) };
    }

    // A job that waits between two attempts, or is asked to stop, still runs: a status never falls back. There is no word for a canceled job.
    private static string StatusOf(JobHead head) => head.State switch
    {
        JobState.Queued => head.Attempt == 0 ? "PENDING" : "RUNNING",
        JobState.Running or JobState.Canceling => "RUNNING",
        JobState.Succeeded => "SUCCESSFUL",
        _ => "FAILED",
    };

    private static string? MessageOf(JobHead head) => head.State switch
    {
        JobState.Failed => head.Error?.Message ?? "The job failed.",
        JobState.Canceled => head.CancelReason is { Length: > 0 } reason ? $"The job was canceled: {reason}" : "The job was canceled.",
        _ => null,
    };
}
