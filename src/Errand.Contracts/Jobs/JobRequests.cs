using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>A job to submit: the body of <c>POST /v1/jobs</c> and <c>PUT /v1/jobs/{id}</c>. What is not set takes the type's value.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SubmitJobRequest
{
    /// <summary>The type.</summary>
    public required string Type { get; init; }

    /// <summary>The id, made by the client: a UUID. In a batch only; a single job takes it from the URL of the PUT.</summary>
    public string? Id { get; init; }

    /// <summary>The input: any JSON.</summary>
    public RawJson? Input { get; init; }

    /// <summary>The items of a batch job: an array of at most 1,000.</summary>
    public RawJson? Items { get; init; }

    /// <summary>The upload that holds the items instead.</summary>
    public string? ItemsFrom { get; init; }

    /// <summary>The queue.</summary>
    public string? Queue { get; init; }

    /// <summary>0 to 9, 9 the most urgent. Default: 5.</summary>
    public int? Priority { get; init; }

    /// <summary>At most 32 names (63 characters) with values (255 characters).</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Not before this instant. Not together with <see cref="Delay"/>.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Not before this much time. Not together with <see cref="RunAt"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Past this instant the job fails.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>How many failed attempts end the job: 1 to 100.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>How long one attempt may run.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long the finished job is kept.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>While a job of the tenant with this key lives, no other is made.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>What happens when the unique key is taken. Default: <c>reuse</c>.</summary>
    public UniqueConflict? OnConflict { get; init; }

    /// <summary>The job that this one belongs to.</summary>
    public string? ParentId { get; init; }

    /// <summary>The caller's own name for a group of requests.</summary>
    public string? CorrelationId { get; init; }
}

/// <summary>Up to 1,000 jobs: the body of <c>POST /v1/jobs/batch</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SubmitBatchRequest
{
    /// <summary>The jobs.</summary>
    public required IReadOnlyList<SubmitJobRequest> Items { get; init; }

    /// <summary>All or none. Default: false.</summary>
    public bool Atomic { get; init; }
}

/// <summary>What became of the jobs of a batch, in the order in which they were sent.</summary>
/// <param name="Items">One entry per job.</param>
public sealed record BatchResource(IReadOnlyList<BatchEntry> Items);

/// <summary>What became of one job of a batch.</summary>
/// <param name="Status">The HTTP status that it would have had alone: 202 or an error.</param>
/// <param name="Job">The job, if it was accepted.</param>
/// <param name="Problem">What is wrong, if not.</param>
public sealed record BatchEntry(int Status, JobResource? Job = null, ProblemResource? Problem = null);

/// <summary>The body of <c>POST /v1/jobs/{id}/cancel</c>; may be left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CancelJobRequest
{
    /// <summary>Why, for people: at most 500 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>The body of <c>PATCH /v1/jobs/{id}</c>: a JSON merge patch. An explicit null takes a label or the deadline away.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UpdateJobRequest
{
    /// <summary>0 to 9.</summary>
    public int? Priority { get; init; }

    /// <summary>Labels to set; null values remove.</summary>
    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    /// <summary>The new due time, while the job waits.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>The new deadline.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>1 to 100.</summary>
    public int? MaxAttempts { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/bulk-cancel</c>, <c>bulk-retry</c> and <c>bulk-delete</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BulkRequest
{
    /// <summary>Which jobs: <c>status:failed type:report.* created:&lt;2h</c>. Relative times count from the request.</summary>
    public required string Filter { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }
}
