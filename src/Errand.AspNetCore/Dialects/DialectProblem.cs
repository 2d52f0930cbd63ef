namespace Errand.AspNetCore;

/// <summary>A refusal that a dialect puts into its own words.</summary>
/// <param name="Status">The HTTP status of the native API for it; a dialect may know a better one.</param>
/// <param name="Name">The name in the native catalogue (<see cref="JobProblems"/>), or <c>route-not-found</c>, <c>method-not-allowed</c>, <c>request-timeout</c>, <c>http-error</c>.</param>
/// <param name="Detail">One sentence that names the field and the fix. Shows nothing that the caller may not know.</param>
public sealed record DialectProblem(int Status, string Name, string Detail)
{
    /// <summary>Below the prefix, no route takes this path.</summary>
    public const string RouteNotFound = "route-not-found";

    /// <summary>The path has other methods, listed in <see cref="Allow"/>.</summary>
    public const string MethodNotAllowed = "method-not-allowed";

    /// <summary>What is wrong, field by field.</summary>
    public IReadOnlyList<JobFieldError> Errors { get; init; } = [];

    /// <summary>When trying again makes sense; on the wire whole seconds, at least 1.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The methods that the path takes, for <see cref="MethodNotAllowed"/>.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>The scope that is missing.</summary>
    public string? Scope { get; init; }

    /// <summary>When the job was purged, for <see cref="JobProblems.JobPurged"/>.</summary>
    public DateTimeOffset? PurgedAt { get; init; }

    /// <summary>The largest body in bytes, for <see cref="JobProblems.PayloadTooLarge"/>.</summary>
    public long? MaxBytes { get; init; }

    internal static DialectProblem From(ApiProblem problem) => new(problem.Kind.Status, problem.Kind.Name, problem.Detail)
    {
        Errors = problem.Errors is { } errors ? [.. errors.Select(e => new JobFieldError(e.Pointer, e.Detail))] : [],
        RetryAfter = problem.RetryAfter,
        Scope = problem.Scope,
        PurgedAt = problem.PurgedAt,
        MaxBytes = problem.MaxBytes,
    };

    // What the host around the dialect answered with a bare status.
    internal static DialectProblem Of(int status) => status switch
    {
        401 => new(401, JobProblems.Unauthenticated, "Valid credentials are needed."),
        403 => new(403, JobProblems.InsufficientScope, "The credentials do not allow this."),
        404 => new(404, RouteNotFound, "There is no such route."),
        405 => new(405, MethodNotAllowed, "The path does not take this method."),
        413 => new(413, JobProblems.PayloadTooLarge, "The body is too large."),
        415 => new(415, JobProblems.UnsupportedMediaType, "Another media type is expected."),
        429 => new(429, JobProblems.QuotaExceeded, "Too many requests."),
        503 => new(503, JobProblems.StoreUnavailable, "The server cannot answer now."),
        >= 500 => new(status, JobProblems.Internal, "Something broke here."),
        _ => new(status, "http-error", "The request was refused."),
    };
}

/// <summary>Refuses a request in a dialect.</summary>
public sealed class DialectProblemException(DialectProblem problem) : Exception(problem.Detail)
{
    /// <summary>Why.</summary>
    public DialectProblem Problem { get; } = problem;
}
