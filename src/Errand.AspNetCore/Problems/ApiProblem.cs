using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>A refusal on its way to the wire.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Detail">One sentence that names the field and the fix.</param>
internal sealed record ApiProblem(ProblemKind Kind, string Detail)
{
    public IReadOnlyList<FieldErrorResource>? Errors { get; init; }

    public string? Parameter { get; init; }

    public ProblemJobResource? Job { get; init; }

    public JobErrorResource? JobError { get; init; }

    public DateTimeOffset? PurgedAt { get; init; }

    public string? CurrentEtag { get; init; }

    public long? MaxBytes { get; init; }

    public IReadOnlyList<string>? ViolatedPolicies { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The <c>Allow</c>, <c>Accept</c> or <c>Accept-Patch</c> that goes with the status.</summary>
    public (string Name, string Value)? Header { get; init; }

    /// <summary>The scope that is missing.</summary>
    public string? Scope { get; init; }

    public static ApiProblem Invalid(string pointer, string detail) =>
        new(ProblemCatalog.InvalidRequest, detail) { Errors = [new FieldErrorResource(pointer, detail)] };

    public static ApiProblem BadParameter(string name, string detail) => new(ProblemCatalog.InvalidRequest, detail) { Parameter = name };

    /// <summary>Unknown and not visible are one: same words, whoever asks.</summary>
    public static ApiProblem NotFound { get; } = new(ProblemCatalog.NotFound, "There is nothing here that you may see. Check the id, and whether it was submitted by you or your tenant.");

    public static ApiProblem From(JobProblem problem, DateTimeOffset now) => problem.Name is JobProblems.NotFound
        ? NotFound
        : new ApiProblem(ProblemCatalog.Of(problem.Name), problem.Detail)
        {
            Errors = problem.Errors.Count == 0 ? null : [.. problem.Errors.Select(e => new FieldErrorResource(e.Pointer, e.Detail))],
            Job = problem.Job is { } job ? new ProblemJobResource(job.Head.Id.ToString(), job.Head.StatusAt(now)) : null,
            CurrentEtag = problem.Name is JobProblems.PreconditionFailed && problem.Job is { } stale ? EntityTag.Of(stale.RevisionAt(now)) : null,
            PurgedAt = problem.PurgedAt,
            RetryAfter = problem.RetryAfter,
        };
}

/// <summary>A request is refused.</summary>
internal sealed class ApiProblemException(ApiProblem problem) : Exception(problem.Detail)
{
    public ApiProblem Problem => problem;
}
