namespace Errand;

/// <summary>What became of an attempt: a closed set.</summary>
public abstract record JobOutcome
{
    private JobOutcome()
    {
    }

    /// <summary>It ends the job well.</summary>
    /// <param name="Result">The result, empty for none; at most 20 MiB.</param>
    /// <param name="ContentType">Its media type.</param>
    /// <param name="StatusCode">The HTTP status it was produced with.</param>
    public sealed record Succeeded(ReadOnlyMemory<byte> Result = default, string ContentType = "application/json", int StatusCode = 200) : JobOutcome
    {
        /// <summary>No result.</summary>
        public static Succeeded Empty { get; } = new();
    }

    /// <summary>It failed. The job goes on if the error is retryable and attempts are left.</summary>
    /// <param name="Error">What went wrong.</param>
    /// <param name="RetryAfter">Not before this much time; null for the retry policy's delay.</param>
    public sealed record Failed(JobError Error, TimeSpan? RetryAfter = null) : JobOutcome;

    /// <summary>It wants to run again later; not counted as a failure.</summary>
    /// <param name="Delay">When.</param>
    public sealed record Snoozed(TimeSpan Delay) : JobOutcome;

    /// <summary>It stopped because it was asked to.</summary>
    /// <param name="Reason">Why, if known.</param>
    public sealed record Canceled(string? Reason = null) : JobOutcome;

    /// <summary>It never started, or gave the job back in good order: queued at once, no attempt counted.</summary>
    public sealed record Released : JobOutcome
    {
        /// <summary>The one value.</summary>
        public static Released Instance { get; } = new();
    }
}

/// <summary>Thrown by a handler to fail the job for good: no retry helps.</summary>
public sealed class JobRejectedException(string message, string code = JobErrorCodes.HandlerRejected) : Exception(message)
{
    /// <summary>The stable word for what is wrong.</summary>
    public string Code { get; } = code;
}
