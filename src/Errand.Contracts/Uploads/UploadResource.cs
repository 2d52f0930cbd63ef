namespace Errand.Contracts;

/// <summary>An uploaded file of items; name it as <c>itemsFrom</c> in a submit.</summary>
public sealed record UploadResource
{
    /// <summary>32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>What was sent: <c>csv</c>, <c>ndjson</c> or <c>json</c>.</summary>
    public required string Format { get; init; }

    /// <summary>How many items it holds.</summary>
    public int Items { get; init; }

    /// <summary>Bytes as sent.</summary>
    public long Size { get; init; }

    /// <summary>SHA-256 of the bytes as sent.</summary>
    public required string Digest { get; init; }

    /// <summary>When it is removed if no job names it.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
