namespace Errand.Lifecycle;

/// <summary>The errors that Errand itself puts into a job.</summary>
internal static class JobErrors
{
    public static JobError Canceled(string? reason) =>
        new(JobErrorCodes.Canceled, string.IsNullOrWhiteSpace(reason) ? "The job was canceled." : $"The job was canceled: {reason}");

    public static JobError ExpiredBeforeStart(JobHead job) => new(JobErrorCodes.ExpiredBeforeStart, job.Failures == 0
        ? "The deadline passed before the job was started."
        : $"The deadline passed before the next start, after {job.Failures} failed attempts; the last one said: {job.Error?.Message}");

    public static JobError DeadlineExceeded() => new(JobErrorCodes.DeadlineExceeded, "The job was still running at its deadline.");

    public static JobError WorkerLost(string? worker) =>
        new(JobErrorCodes.WorkerLost, $"The worker{(worker is null ? "" : $" {worker}")} was lost during the attempt.", Retryable: true);

    public static JobError Poison(int losses) =>
        new(JobErrorCodes.Poison, $"{losses} workers were lost while they ran the job; it is not run again.");

    /// <summary>
    /// A handler's own code says more than ours and is kept; only the general one for an exception gives way. With a single allowed
    /// attempt there is nothing that could have been exhausted.
    /// </summary>
    public static JobError Exhausted(JobError last, int maxAttempts) => maxAttempts == 1
        ? last with { Retryable = false }
        : new JobError(
            last.Code == JobErrorCodes.HandlerException ? JobErrorCodes.AttemptsExhausted : last.Code,
            $"The last of {maxAttempts} attempts failed: {last.Message}", Retryable: false, last.Detail);
}
