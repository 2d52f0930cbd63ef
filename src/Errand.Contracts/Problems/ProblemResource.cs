using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>Why a request was refused: problem details (RFC 9457), sent as <c>application/problem+json</c>.</summary>
public sealed record ProblemResource
{
    /// <summary>A URL that explains the problem, or <c>about:blank</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The problem in a few words.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>A stable word: <c>invalid_request</c>.</summary>
    public string? Code { get; init; }

    /// <summary>One sentence that names the field and the fix.</summary>
    public string? Detail { get; init; }

    /// <summary>The request, <c>urn:uuid:…</c>: name it when you report something.</summary>
    public string? Instance { get; init; }

    /// <summary>The trace of the request.</summary>
    public string? TraceId { get; init; }

    /// <summary>The query parameter or header that is wrong.</summary>
    public string? Parameter { get; init; }

    /// <summary>What is wrong, field by field.</summary>
    public IReadOnlyList<FieldErrorResource>? Errors { get; init; }

    /// <summary>The job that is in the way.</summary>
    public ProblemJobResource? Job { get; init; }

    /// <summary>The error of a job that has no result.</summary>
    public JobErrorResource? JobError { get; init; }

    /// <summary>When the job was purged.</summary>
    public DateTimeOffset? PurgedAt { get; init; }

    /// <summary>The job's ETag as it is now.</summary>
    public string? CurrentEtag { get; init; }

    /// <summary>How many bytes are taken.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>The limits that were reached.</summary>
    [JsonPropertyName("violated-policies")]
    public IReadOnlyList<string>? ViolatedPolicies { get; init; }
}

/// <summary>What is wrong with one field.</summary>
/// <param name="Pointer">Where: a JSON pointer as a URI fragment, <c>#/priority</c>.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record FieldErrorResource(string Pointer, string Detail);

/// <summary>A job in short.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">How it is.</param>
public sealed record ProblemJobResource(string Id, JobStatus Status);
