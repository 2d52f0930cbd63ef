namespace Errand.EntityFrameworkCore;

/// <summary>A job that is submitted with the next <c>SaveChanges</c>.</summary>
public sealed class SubmittedJob
{
    internal SubmittedJob(JobSubmission submission, JobCaller caller, JobId id) => (Submission, Caller, Id) = (submission, caller, id);

    /// <summary>The job's id, to be kept in a row or answered to a client.</summary>
    /// <remarks>With a unique key that a live job has, and <see cref="UniqueConflict.Reuse"/>, that job's id is in <see cref="Receipt"/> and no job of this id is made.</remarks>
    public JobId Id { get; }

    /// <summary>What became of it; null until it is saved.</summary>
    public SubmitReceipt? Receipt { get; internal set; }

    internal JobSubmission Submission { get; }

    internal JobCaller Caller { get; }
}
