using System.Net;
using Errand.Contracts;

namespace Errand.Client;

/// <summary>The server refused a request and said why.</summary>
public sealed class ErrandApiException : Exception
{
    internal ErrandApiException(HttpStatusCode status, ProblemResource problem, TimeSpan? retryAfter)
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
