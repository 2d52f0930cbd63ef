namespace Errand.Worker;

/// <summary>What an attempt that did not return an outcome amounts to.</summary>
internal static class AttemptOutcomes
{
    private const int LongestDetail = 16 * 1024;

    /// <summary>
    /// Once it was told to stop, a handler may leave with any exception: drivers wrap a cancel in types of their own. Only a rejection
    /// still says what it means.
    /// </summary>
    public static JobOutcome Of(Exception exception, AttemptStop stop, JobHead head) => (exception, stop) switch
    {
        (JobRejectedException rejected, _) => new JobOutcome.Failed(new JobError(rejected.Code, rejected.Message)),
        (_, AttemptStop.None) => new JobOutcome.Failed(Thrown(exception)),
        _ => Stopped(stop, head),
    };

    /// <summary>What a stop amounts to when the handler said nothing else.</summary>
    public static JobOutcome Stopped(AttemptStop stop, JobHead head) => stop switch
    {
        AttemptStop.Canceled => new JobOutcome.Canceled(head.CancelReason),
        AttemptStop.TimedOut => new JobOutcome.Failed(
            new JobError(JobErrorCodes.AttemptTimeout, "The attempt ran longer than its timeout.", Retryable: true)),
        AttemptStop.PastDeadline => new JobOutcome.Failed(
            new JobError(JobErrorCodes.DeadlineExceeded, "The job was still running at its deadline.")),
        _ => JobOutcome.Released.Instance,
    };

    private static JobError Thrown(Exception exception)
    {
        var text = exception.ToString();
        return new JobError(
            JobErrorCodes.HandlerException,
            $"The handler threw {exception.GetType().Name}.",
            Retryable: true,
            text.Length <= LongestDetail ? text : string.Concat(text.AsSpan(0, LongestDetail), "…"));
    }
}
