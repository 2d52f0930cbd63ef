using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>The body of <c>…/settle</c>: what became of attempts.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SettleRequest
{
    /// <summary>At most 200.</summary>
    public required IReadOnlyList<SettlementRequest> Settlements { get; init; }
}

/// <summary>What became of one attempt.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SettlementRequest
{
    /// <summary>What the claim gave.</summary>
    public required string Lease { get; init; }

    /// <summary>What became of it.</summary>
    public required SettleOutcome Outcome { get; init; }

    /// <summary>The result of <c>succeeded</c>, where it is JSON.</summary>
    public RawJson? Result { get; init; }

    /// <summary>The result of <c>succeeded</c>, where it is not JSON: base64.</summary>
    public byte[]? ResultBytes { get; init; }

    /// <summary>The media type of <see cref="ResultBytes"/>. Default: <c>application/octet-stream</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>The HTTP status that the result was produced with. Default: 200.</summary>
    public int? StatusCode { get; init; }

    /// <summary>What went wrong, with <c>failed</c>.</summary>
    public SettleError? Error { get; init; }

    /// <summary>Not before this much time, with <c>failed</c> and <c>snoozed</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why it stopped, with <c>canceled</c>.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of an attempt.</summary>
public enum SettleOutcome
{
    /// <summary>It ends the job well.</summary>
    Succeeded,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It wants to run again later.</summary>
    Snoozed,

    /// <summary>It stopped because it was asked to.</summary>
    Canceled,

    /// <summary>It never started.</summary>
    Released,
}

/// <summary>Why an attempt failed.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SettleError
{
    /// <summary>A stable word.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Message { get; init; }

    /// <summary>Whether another attempt could help.</summary>
    public bool Retryable { get; init; }

    /// <summary>Exception text and stack.</summary>
    public string? Detail { get; init; }
}

/// <summary>The answer to a settle.</summary>
/// <param name="Settled">One entry per settlement: false where the lease was over and nothing was written.</param>
public sealed record SettleResource(IReadOnlyList<bool> Settled);

/// <summary>The body of <c>…/messages</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReportMessagesRequest
{
    /// <summary>What the claim gave.</summary>
    public required string Lease { get; init; }

    /// <summary>At most 1,000 lines.</summary>
    public required IReadOnlyList<MessageReport> Messages { get; init; }
}

/// <summary>The body of <c>…/items</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReportItemsRequest
{
    /// <summary>What the claim gave.</summary>
    public required string Lease { get; init; }

    /// <summary>At most 1,000 items.</summary>
    public required IReadOnlyList<ItemReport> Items { get; init; }
}

/// <summary>The outcome of one item.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ItemReport
{
    /// <summary>Its place, from 0; absent to find it by key or append it.</summary>
    public int? Index { get; init; }

    /// <summary>The handler's name for it. Default: the index.</summary>
    public string? Key { get; init; }

    /// <summary>What became of it.</summary>
    public JobItemStatus Status { get; init; }

    /// <summary>What it gave.</summary>
    public RawJson? Result { get; init; }

    /// <summary>Why it failed.</summary>
    public SettleError? Error { get; init; }
}

/// <summary>The counts of a job's items.</summary>
/// <param name="Completed">Reported, the failed ones included.</param>
/// <param name="Failed">Failed.</param>
public sealed record ItemCountsResource(long Completed, long Failed);
