namespace Errand.Contracts;

/// <summary>Counts of the caller's tenant.</summary>
public sealed record StatsResource
{
    /// <summary>When they were read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Jobs by stored state: <c>queued</c> (the scheduled ones included), <c>running</c>, <c>canceling</c>, <c>succeeded</c>, <c>failed</c>, <c>canceled</c>.</summary>
    public required IReadOnlyDictionary<string, long> Jobs { get; init; }

    /// <summary>The same by queue and type.</summary>
    public required IReadOnlyList<LaneResource> Lanes { get; init; }

    /// <summary>How many worker sessions are open.</summary>
    public int Workers { get; init; }

    /// <summary>How many jobs they can run at once.</summary>
    public int Slots { get; init; }
}

/// <summary>Counts of one queue and type.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Type">The type.</param>
/// <param name="Status">The state.</param>
/// <param name="Jobs">How many.</param>
public sealed record LaneResource(string Queue, string Type, string Status, long Jobs);
