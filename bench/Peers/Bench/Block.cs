namespace Errand.Peers.Bench;

/// <summary>What came out of one workload of one block: a rate a second, or times in milliseconds.</summary>
internal sealed record Figure(string Work, double? Rate, double? P50, double? P99, long Count);

/// <summary>One process of one part in one round.</summary>
internal sealed record Block
{
    public required string Part { get; init; }

    public required int Round { get; init; }

    public string? Version { get; init; }

    public IReadOnlyList<string> Settings { get; init; } = [];

    public IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>The load average when it began.</summary>
    public required double Load { get; init; }

    /// <summary>How busy others kept the processors just before, of 1.</summary>
    public required double Others { get; init; }

    /// <summary>How much of the processors the host kept from the machine meanwhile, of 1.</summary>
    public double Stolen { get; init; }

    public double Seconds { get; init; }

    /// <summary>Why it could not be measured.</summary>
    public string? Error { get; init; }
}
