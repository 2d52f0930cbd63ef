namespace Errand;

/// <summary>
/// Decides how long a job waits before its next attempt. Register your own after <c>AddErrand()</c> to replace the default.
/// </summary>
public interface IRetryPolicy
{
    /// <summary>The delay after a failed attempt. Called on any thread, for every failure that may be retried; must not block.</summary>
    /// <param name="job">The head of the job, as it was claimed.</param>
    /// <param name="failures">How many attempts have failed, this one included.</param>
    TimeSpan DelayAfter(JobHead job, int failures);
}
