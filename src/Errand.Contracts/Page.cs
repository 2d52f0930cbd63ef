namespace Errand.Contracts;

/// <summary>One page of a list. A page may be short or empty before the end: only an absent token says that there is no more.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Give it back as <c>pageToken</c>, with the same other parameters, for what follows. Absent at the end.</summary>
    public string? NextPageToken { get; init; }

    /// <summary>How many entries were dropped from the middle of a log that grew over its limit.</summary>
    public long? Dropped { get; init; }
}
