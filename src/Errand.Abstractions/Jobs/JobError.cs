namespace Errand;

/// <summary>Why an attempt or a job did not succeed.</summary>
/// <param name="Code">A stable word, see <see cref="JobErrorCodes"/>; a handler may use its own.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Retryable">Whether another attempt could help.</param>
/// <param name="Detail">Exception text and stack, shown only to callers with <c>jobs.admin</c>.</param>
public sealed record JobError(string Code, string Message, bool Retryable = false, string? Detail = null);

/// <summary>The values of <see cref="JobError.Code"/> that Errand itself uses.</summary>
public static class JobErrorCodes
{
    /// <summary>The handler threw.</summary>
    public const string HandlerException = "handler_exception";

    /// <summary>The handler said that no retry helps.</summary>
    public const string HandlerRejected = "handler_rejected";

    /// <summary>The last allowed attempt failed.</summary>
    public const string AttemptsExhausted = "attempts_exhausted";

    /// <summary>An attempt ran longer than it may.</summary>
    public const string AttemptTimeout = "attempt_timeout";

    /// <summary>The job was still running at its deadline.</summary>
    public const string DeadlineExceeded = "deadline_exceeded";

    /// <summary>The job had not started by its deadline.</summary>
    public const string ExpiredBeforeStart = "expired_before_start";

    /// <summary>The worker was lost during the attempt.</summary>
    public const string WorkerLost = "worker_lost";

    /// <summary>Three workers were lost while they ran the job.</summary>
    public const string Poison = "poison";

    /// <summary>Somebody canceled the job.</summary>
    public const string Canceled = "canceled";

    /// <summary>No handler of that type is known.</summary>
    public const string UnknownJobType = "unknown_job_type";

    /// <summary>The handler could not read the stored input.</summary>
    public const string InputUnreadable = "input_unreadable";

    /// <summary>The result is over 20 MiB.</summary>
    public const string ResultTooLarge = "result_too_large";
}
