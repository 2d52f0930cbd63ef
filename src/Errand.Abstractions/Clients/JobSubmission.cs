namespace Errand;

/// <summary>A job to submit. What is not set takes the type's value.</summary>
public sealed record JobSubmission
{
    /// <summary>The type.</summary>
    public required string Type { get; init; }

    /// <summary>The input: one JSON document, UTF-8; at most 1 MiB over HTTP.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The items of a batch job: one JSON array of at most 1,000, UTF-8.</summary>
    public ReadOnlyMemory<byte> Items { get; init; }

    /// <summary>The upload that holds the items instead.</summary>
    public string? ItemsFrom { get; init; }

    /// <summary>The id, made by the client: submitting it again gives the same job. Null: made here.</summary>
    public JobId? Id { get; init; }

    /// <summary>The queue.</summary>
    public string? Queue { get; init; }

    /// <summary>0 to 9, 9 the most urgent. Default: 5.</summary>
    public int? Priority { get; init; }

    /// <summary>At most 32 names (63 characters) with values (255 characters).</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Not before this instant, at most a year ahead. Not together with <see cref="Delay"/>.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Not before this much time, at most a year. Not together with <see cref="RunAt"/>.</summary>
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

    /// <summary>What happens when the unique key is taken. Default: the live job is returned.</summary>
    public UniqueConflict OnConflict { get; init; }

    /// <summary>The job that this one belongs to.</summary>
    public string? ParentId { get; init; }

    /// <summary>The caller's own name for a group of requests.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the request.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the request.</summary>
    public string? TraceState { get; init; }

    /// <summary>The request that is answered with the job. Null: made here.</summary>
    public Guid? RequestId { get; init; }
}

/// <summary>What happens when a unique key is taken.</summary>
public enum UniqueConflict
{
    /// <summary>The live job is returned.</summary>
    Reuse,

    /// <summary>The submit is refused: <c>unique-key-conflict</c>.</summary>
    Reject,
}

/// <summary>Makes a submit happen once, however often it is sent.</summary>
/// <param name="Key">What the client calls it: 1 to 255 visible ASCII characters.</param>
/// <param name="Route">Method and route; the same key means something else elsewhere.</param>
/// <param name="Fingerprint">SHA-256 of what was sent. The same key with another fingerprint is refused.</param>
public sealed record IdempotencyKey(string Key, string Route, ReadOnlyMemory<byte> Fingerprint);

/// <summary>An accepted submit.</summary>
/// <param name="Job">The job.</param>
/// <param name="Kind">Whether it was made now.</param>
public sealed record SubmitReceipt(Job Job, SubmitReceiptKind Kind);

/// <summary>How a submit was accepted.</summary>
public enum SubmitReceiptKind
{
    /// <summary>A new job was made.</summary>
    Created,

    /// <summary>The same request, or the same id with the same content, had been accepted before.</summary>
    Replayed,

    /// <summary>A live job had the unique key.</summary>
    Reused,
}

/// <summary>What became of one job of a batch: a receipt or a problem.</summary>
/// <param name="Receipt">The receipt, if it was accepted.</param>
/// <param name="Problem">What is wrong, if not.</param>
public sealed record SubmitReply(SubmitReceipt? Receipt, JobProblem? Problem);
