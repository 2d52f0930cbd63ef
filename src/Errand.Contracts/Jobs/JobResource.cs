namespace Errand.Contracts;

/// <summary>A job as the native API shows it. Later servers may add members.</summary>
public sealed record JobResource
{
    /// <summary>32 lower-case hex digits. Absent only in the answer to <c>validateOnly</c>.</summary>
    public string? Id { get; init; }

    /// <summary>The declared name of what runs it.</summary>
    public required string Type { get; init; }

    /// <summary>Where workers take it from.</summary>
    public required string Queue { get; init; }

    /// <summary>How it is. A word that is not known, with <see cref="Done"/> false, means "in progress".</summary>
    public required JobStatus Status { get; init; }

    /// <summary>True exactly when the job is finished, for ever.</summary>
    public required bool Done { get; init; }

    /// <summary>How far it has come.</summary>
    public ProgressResource? Progress { get; init; }

    /// <summary>The result, if the job succeeded with JSON of at most 64 KiB. See <see cref="ResultInfo"/> for what is larger.</summary>
    public RawJson? Result { get; init; }

    /// <summary>What the result is and where it can be fetched.</summary>
    public ResultInfoResource? ResultInfo { get; init; }

    /// <summary>Why it failed or was canceled.</summary>
    public JobErrorResource? Error { get; init; }

    /// <summary>Why the latest attempt failed, while the job lives.</summary>
    public JobErrorResource? LastError { get; init; }

    /// <summary>The input, with <c>?include=input</c>.</summary>
    public RawJson? Input { get; init; }

    /// <summary>The upload that holds its items, with <c>?include=input</c>.</summary>
    public string? ItemsFrom { get; init; }

    /// <summary>0 to 9, 9 the most urgent.</summary>
    public int Priority { get; init; }

    /// <summary>Names with values, for finding jobs.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Number of the latest attempt; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>How many failed attempts end the job.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>The attempts that did not end the job well, with <c>?include=attempts</c>.</summary>
    public IReadOnlyList<AttemptResource>? Attempts { get; init; }

    /// <summary>How many items it was submitted with.</summary>
    public int? ItemCount { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it may run next, while it waits for a time.</summary>
    public DateTimeOffset? NextRunAt { get; init; }

    /// <summary>When the latest attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was finished.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it or its progress last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Past this instant the job fails.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When the finished job will be removed.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long one attempt may run.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long the finished job is kept, where the submit said so.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Who submitted it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Why a cancel was asked for.</summary>
    public string? CancelReason { get; init; }

    /// <summary>While the job lives no other job of the tenant has this key.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>The job that it belongs to.</summary>
    public string? ParentId { get; init; }

    /// <summary>The finished job that it repeats.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The schedule that made it.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>The caller's own name for a group of requests.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The request that was answered with the job: a UUID.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The trace of the submit: 32 hex digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>Grows with each lifecycle change; the first number of the ETag.</summary>
    public long Version { get; init; }

    /// <summary>Where to go from here.</summary>
    public JobLinks? Links { get; init; }
}

/// <summary>Absolute URLs of a job.</summary>
/// <param name="Self">The job.</param>
/// <param name="Result">Its result.</param>
/// <param name="Events">Its changes as they happen.</param>
/// <param name="Cancel">Where to ask it to stop.</param>
public sealed record JobLinks(string Self, string Result, string Events, string Cancel);

/// <summary>How far a job has come. For a batch job the counts are those of its items.</summary>
public sealed record ProgressResource
{
    /// <summary>0 to 100.</summary>
    public double? Percent { get; init; }

    /// <summary>Done, the failed ones included.</summary>
    public long? Completed { get; init; }

    /// <summary>In all.</summary>
    public long? Total { get; init; }

    /// <summary>Done, with an error of their own.</summary>
    public long? Failed { get; init; }

    /// <summary>What is counted.</summary>
    public string? Unit { get; init; }

    /// <summary>The phase, in words.</summary>
    public string? Message { get; init; }

    /// <summary>When it was reported.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>What a result is.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Digest">SHA-256 as <c>sha-256=:base64:</c>.</param>
/// <param name="Url">Where to fetch it.</param>
/// <param name="ExpiresAt">When it will be removed.</param>
public sealed record ResultInfoResource(string ContentType, long Size, string Digest, string Url, DateTimeOffset? ExpiresAt);

/// <summary>One run of the handler.</summary>
public sealed record AttemptResource
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What became of it.</summary>
    public required JobAttemptOutcome Outcome { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The worker that ran it.</summary>
    public string? Worker { get; init; }

    /// <summary>What went wrong.</summary>
    public JobErrorResource? Error { get; init; }
}

/// <summary>Why a job, an attempt or an item did not succeed: problem details (RFC 9457) with <see cref="Code"/> and <see cref="Message"/>.</summary>
public sealed record JobErrorResource
{
    /// <summary>A URL that explains the code.</summary>
    public string? Type { get; init; }

    /// <summary>The code in words.</summary>
    public string? Title { get; init; }

    /// <summary>A stable word: <c>handler_exception</c>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Message { get; init; }

    /// <summary>The same sentence, for readers of problem details.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether another attempt could help.</summary>
    public bool Retryable { get; init; }

    /// <summary>Exception text and stack, only for <c>jobs.admin</c>.</summary>
    public string? Stack { get; init; }
}
