namespace Errand;

/// <summary>Why a request was refused. The names are those of the native API's catalogue; each face puts them into its own words.</summary>
/// <param name="Name">The name: <c>job-exists</c>. See <see cref="JobProblems"/>.</param>
/// <param name="Detail">One sentence that names the field and the fix.</param>
public sealed record JobProblem(string Name, string Detail)
{
    /// <summary>What is wrong, field by field.</summary>
    public IReadOnlyList<JobFieldError> Errors { get; init; } = [];

    /// <summary>The job that is in the way.</summary>
    public Job? Job { get; init; }

    /// <summary>When trying again makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>When the job was purged, for <see cref="JobProblems.JobPurged"/>.</summary>
    public DateTimeOffset? PurgedAt { get; init; }
}

/// <summary>What is wrong with one field.</summary>
/// <param name="Pointer">Where: a JSON pointer as a URI fragment (<c>#/priority</c>), or the name of a query parameter or header.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record JobFieldError(string Pointer, string Detail);

/// <summary>A request was refused.</summary>
public sealed class JobProblemException(JobProblem problem) : Exception(problem.Detail)
{
    /// <summary>Makes one with a name and a sentence.</summary>
    public JobProblemException(string name, string detail)
        : this(new JobProblem(name, detail))
    {
    }

    /// <summary>Why.</summary>
    public JobProblem Problem { get; } = problem;
}

/// <summary>The names of problems, as in the native API's catalogue.</summary>
public static class JobProblems
{
    /// <summary>400: the request cannot be understood; the errors tell which fields.</summary>
    public const string InvalidRequest = "invalid-request";

    /// <summary>400: the page token is not ours, or belongs to another filter.</summary>
    public const string InvalidPageToken = "invalid-page-token";

    /// <summary>400: a query parameter that the route does not have.</summary>
    public const string UnknownParameter = "unknown-parameter";

    /// <summary>400: the type requires an Idempotency-Key.</summary>
    public const string IdempotencyKeyMissing = "idempotency-key-missing";

    /// <summary>400: the Idempotency-Key is not 1 to 255 visible ASCII characters.</summary>
    public const string IdempotencyKeyInvalid = "idempotency-key-invalid";

    /// <summary>401: no valid credentials.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>403: a scope is missing.</summary>
    public const string InsufficientScope = "insufficient-scope";

    /// <summary>403: the app has signed the caller in, but does not say whose jobs are theirs.</summary>
    public const string CallerNotMapped = "caller-not-mapped";

    /// <summary>404: unknown, or not visible.</summary>
    public const string NotFound = "not-found";

    /// <summary>404: nobody ever declared the type.</summary>
    public const string UnknownJobType = "unknown-job-type";

    /// <summary>409: the id is taken by a different job.</summary>
    public const string JobExists = "job-exists";

    /// <summary>409: a live job has the unique key.</summary>
    public const string UniqueKeyConflict = "unique-key-conflict";

    /// <summary>409: the name is taken by another schedule.</summary>
    public const string ScheduleExists = "schedule-exists";

    /// <summary>409: only a finished job can be purged.</summary>
    public const string JobActive = "job-active";

    /// <summary>409: a finished job does not change.</summary>
    public const string JobFinished = "job-finished";

    /// <summary>409: only a failed or canceled job can be retried.</summary>
    public const string JobNotFinished = "job-not-finished";

    /// <summary>409: the job failed, so it has no result.</summary>
    public const string JobFailed = "job-failed";

    /// <summary>409: the job was canceled, so it has no result.</summary>
    public const string JobCanceled = "job-canceled";

    /// <summary>409: the claim is over.</summary>
    public const string LeaseLost = "lease-lost";

    /// <summary>409: the first request with this key is still being answered.</summary>
    public const string IdempotencyInProgress = "idempotency-in-progress";

    /// <summary>410: the job was there and is purged.</summary>
    public const string JobPurged = "job-purged";

    /// <summary>410: the result was there and is removed.</summary>
    public const string ResultExpired = "result-expired";

    /// <summary>412: the job has changed.</summary>
    public const string PreconditionFailed = "precondition-failed";

    /// <summary>413: too many bytes.</summary>
    public const string PayloadTooLarge = "payload-too-large";

    /// <summary>415: another media type is expected.</summary>
    public const string UnsupportedMediaType = "unsupported-media-type";

    /// <summary>422: the input does not match the type's schema.</summary>
    public const string InputSchemaViolation = "input-schema-violation";

    /// <summary>422: the key was used for another request.</summary>
    public const string IdempotencyKeyReused = "idempotency-key-reused";

    /// <summary>428: an If-Match is required.</summary>
    public const string PreconditionRequired = "precondition-required";

    /// <summary>429: a limit is reached.</summary>
    public const string QuotaExceeded = "quota-exceeded";

    /// <summary>500: something broke here.</summary>
    public const string Internal = "internal";

    /// <summary>503: the store is slow; submits wait no longer.</summary>
    public const string ReducedCapacity = "temporary-reduced-capacity";

    /// <summary>503: the store cannot be reached.</summary>
    public const string StoreUnavailable = "store-unavailable";

    /// <summary>507: the store has no room.</summary>
    public const string StoreFull = "store-full";

    /// <summary>503: the server is shutting down.</summary>
    public const string Draining = "draining";
}
