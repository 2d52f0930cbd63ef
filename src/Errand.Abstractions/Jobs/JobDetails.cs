namespace Errand;

/// <summary>What is said about a job when it is submitted and read with its status. Only <see cref="Labels"/> may change later.</summary>
public sealed record JobDetails
{
    // Static members are made in the order of the text: None needs the labels to be there.
    private static readonly Dictionary<string, string> EmptyLabels = [];

    /// <summary>Nothing said.</summary>
    public static JobDetails None { get; } = new();

    /// <summary>At most 32 names with values, for finding jobs.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyLabels;

    /// <summary>How long one attempt may run. Null: no limit but the deadline.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long the finished job is kept. Null: what the type and the status say.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The caller's own name for a group of requests.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The job that this one belongs to.</summary>
    public string? ParentId { get; init; }

    /// <summary>The finished job that this one repeats.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The schedule that made it.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the submit, validated.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the submit, validated.</summary>
    public string? TraceState { get; init; }

    /// <summary>The request that was answered with the job: a UUID.</summary>
    public Guid RequestId { get; init; }

    /// <summary>
    /// A hash of what was asked for, kept for jobs whose id the client made: the same id with the same content is a replay. Null for the others. At most 64 characters.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>How many items the job was submitted with; null for a job that is not a batch.</summary>
    public int? ItemCount { get; init; }
}

/// <summary>The immutable, possibly large part of a job, read only by whoever runs it or asks for it.</summary>
/// <param name="Json">The input as one JSON document, UTF-8. Empty when there is none.</param>
/// <param name="Items">The items of a batch job that came inline: one JSON array, UTF-8. Empty when there are none.</param>
/// <param name="UploadId">The upload that holds the items instead.</param>
/// <param name="Version">The shape of the input, as the type declared it when the job was submitted. Default: 1.</param>
public sealed record JobInput(ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Items = default, string? UploadId = null, int Version = 1)
{
    /// <summary>No input and no items.</summary>
    public static JobInput None { get; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>The length of what is held, in bytes.</summary>
    public long Size => (long)Json.Length + Items.Length;
}

/// <summary>What a succeeded job returned.</summary>
/// <param name="ContentType">Its media type; <c>application/json</c> for what a handler returns as a value.</param>
/// <param name="Body">The bytes. Empty when they lie in an output.</param>
/// <param name="OutputId">The output that holds a result too large for its row.</param>
/// <param name="Size">Length of the result in bytes, wherever it lies.</param>
/// <param name="Digest">Its SHA-256 as <c>sha-256=:base64:</c> (RFC 9530).</param>
/// <param name="StatusCode">The HTTP status that the result was produced with, for endpoints that run as jobs. Default: 200.</param>
public sealed record JobResult(string ContentType, ReadOnlyMemory<byte> Body, string? OutputId, long Size, string Digest, int StatusCode = 200);
