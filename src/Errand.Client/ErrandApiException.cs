using System.Net;
using Errand.Contracts;

namespace Errand.Client;

/// <summary>The server refused a request and said why.</summary>
public class ErrandApiException : Exception
{
    /// <summary>Makes one; for tests of what handles it.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="problem">The problem details.</param>
    /// <param name="retryAfter">When trying again makes sense.</param>
    public ErrandApiException(HttpStatusCode status, ProblemResource problem, TimeSpan? retryAfter = null)
        : base(problem.Detail ?? problem.Title ?? $"The server answered {(int)status}.")
    {
        Status = status;
        Problem = problem;
        RetryAfter = retryAfter;
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The problem details, as sent.</summary>
    public ProblemResource Problem { get; }

    /// <summary>The problem's name as in <see cref="JobProblems"/>: <c>not-found</c>. Empty for an answer that named none.</summary>
    public string Name => Problem.Code?.Replace('_', '-') ?? "";

    /// <summary>When trying again makes sense.</summary>
    public TimeSpan? RetryAfter { get; }

    internal static ErrandApiException Of(HttpStatusCode status, ProblemResource problem, TimeSpan? retryAfter) => status switch
    {
        HttpStatusCode.NotFound => new JobNotFoundException(problem),
        HttpStatusCode.Gone => new JobExpiredException(problem),
        _ => new ErrandApiException(status, problem, retryAfter),
    };
}

/// <summary>404: what was asked for is not there, never was, or belongs to somebody else – the server does not tell which.</summary>
/// <param name="problem">The problem details.</param>
public sealed class JobNotFoundException(ProblemResource problem) : ErrandApiException(HttpStatusCode.NotFound, problem);

/// <summary>410: the job, or its result, was there and has been removed when its time was over.</summary>
/// <param name="problem">The problem details.</param>
public sealed class JobExpiredException(ProblemResource problem) : ErrandApiException(HttpStatusCode.Gone, problem)
{
    /// <summary>When the job was removed; null when only its result was.</summary>
    public DateTimeOffset? PurgedAt => Problem.PurgedAt;
}

/// <summary>The server could not be reached, or the connection broke before it answered.</summary>
/// <param name="address">The server.</param>
/// <param name="inner">What the network said.</param>
public sealed class ErrandUnreachableException(Uri? address, Exception inner)
    : Exception($"The server at {address} cannot be reached: {inner.Message.TrimEnd('.')}.", inner)
{
    /// <summary>The server.</summary>
    public Uri? Address { get; } = address;
}
