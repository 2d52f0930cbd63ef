using Errand.Contracts;

namespace Errand.Client;

/// <summary>How a job ended.</summary>
/// <typeparam name="TResult">What its result is read as.</typeparam>
/// <param name="Handle">The job's handle.</param>
/// <param name="Job">The finished job.</param>
/// <param name="Result">Its result, when it succeeded and has one.</param>
public sealed record JobOutcome<TResult>(JobHandle Handle, JobResource Job, TResult? Result)
{
    /// <summary><see cref="JobStatus.Succeeded"/>, <see cref="JobStatus.Failed"/> or <see cref="JobStatus.Canceled"/>.</summary>
    public JobStatus Status => Job.Status;

    /// <summary>True when the job ended well. Some of its items may have failed all the same: see <see cref="FailedItems"/>.</summary>
    public bool Succeeded => Job.Status is JobStatus.Succeeded;

    /// <summary>Why it failed or was canceled.</summary>
    public JobErrorResource? Error => Job.Error;

    /// <summary>How many items of a batch job failed.</summary>
    public long FailedItems => Job.Progress?.Failed ?? 0;

    /// <summary>The result of a job that ended well.</summary>
    /// <exception cref="JobFailedException">The job failed.</exception>
    /// <exception cref="JobCanceledException">The job was canceled.</exception>
    public TResult? GetResult()
    {
        JobException.ThrowUnlessSucceeded(Handle, Job);
        return Result;
    }
}
