using Errand.Contracts;

namespace Errand.Client;

/// <summary>A job ended in a way that gives no result.</summary>
public abstract class JobException : Exception
{
    private protected JobException(JobHandle handle, JobResource job, string message, Exception? inner = null)
        : base(message, inner)
    {
        Handle = handle;
        Job = job;
    }

    /// <summary>The job's handle.</summary>
    public JobHandle Handle { get; }

    /// <summary>The finished job, with everything that was known of it.</summary>
    public JobResource Job { get; }

    /// <summary>Number of the attempt that ended it.</summary>
    public int Attempt => Job.Attempt;

    /// <summary>Why: problem details with a code.</summary>
    public JobErrorResource? Problem => Job.Error;

    /// <summary>A stable word: <c>handler_exception</c>.</summary>
    public string? Code => Job.Error?.Code;

    /// <summary>The trace of the submit: 32 hex digits.</summary>
    public string? TraceId => Job.TraceId;

    internal static void ThrowUnlessSucceeded(JobHandle handle, JobResource job)
    {
        if (job.Status is JobStatus.Succeeded) return;
        throw job.Status is JobStatus.Canceled ? new JobCanceledException(handle, job) : new JobFailedException(handle, job);
    }

    private protected static string Named(JobHandle handle, JobResource job) =>
        job.Type.Length == 0 ? $"The job {handle.Id}" : $"The job {handle.Id} ({job.Type})";
}

/// <summary>The job failed.</summary>
/// <param name="handle">The job's handle.</param>
/// <param name="job">The finished job.</param>
public sealed class JobFailedException(JobHandle handle, JobResource job) : JobException(handle, job, Sentence(handle, job))
{
    private static string Sentence(JobHandle handle, JobResource job)
    {
        var attempt = job.Attempt > 0 ? $" on attempt {job.Attempt}" : "";
        return $"{Named(handle, job)} failed{attempt}: {job.Error?.Message ?? "it does not say why."}{(job.Error is { } e ? $" [{e.Code}]" : "")}";
    }
}

/// <summary>The job was canceled.</summary>
/// <param name="handle">The job's handle.</param>
/// <param name="job">The finished job.</param>
public sealed class JobCanceledException(JobHandle handle, JobResource job)
    : JobException(handle, job, $"{Named(handle, job)} was canceled{(job.CancelReason is { } why ? $": {why}" : ".")}");

/// <summary>The job ended well, with a result that is not what was expected.</summary>
/// <param name="handle">The job's handle.</param>
/// <param name="job">The finished job.</param>
/// <param name="why">What is wrong with it.</param>
/// <param name="inner">What the reader said.</param>
public sealed class JobResultException(JobHandle handle, JobResource job, string why, Exception? inner = null)
    : JobException(handle, job, $"The result of {Named(handle, job)["The ".Length..]} is not what was expected: {why}", inner);

/// <summary>The time to wait was over before the job was. The job goes on: wait again, or cancel it.</summary>
/// <param name="handle">The job's handle.</param>
/// <param name="last">The job as it was last seen; null when the server did not answer once.</param>
/// <param name="timeout">How long was waited.</param>
public sealed class JobWaitTimeoutException(JobHandle handle, JobSnapshot? last, TimeSpan? timeout)
    : TimeoutException($"The job {handle.Id} is not finished after {timeout}; it was last seen {last?.Job.Status.Word() ?? "not at all"}.")
{
    /// <summary>The job's handle, to go on with.</summary>
    public JobHandle Handle { get; } = handle;

    /// <summary>The job as it was last seen; null when the server did not answer once.</summary>
    public JobSnapshot? Last { get; } = last;

    /// <summary>How the job was when it was last seen.</summary>
    public JobStatus? LastStatus => Last?.Job.Status;
}
