namespace Errand.Testing.Seeds;

/// <summary>A job that is there already when the stand-in starts.</summary>
internal sealed record SeedJob(string Vendor, string Name, string Type, SeedStage Stage)
{
    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended, or was last changed while it lives.</summary>
    public DateTimeOffset? Updated { get; init; }

    public JobError? Error { get; init; }

    public IReadOnlyList<JobItem> Items { get; init; } = [];

    /// <summary>How many items it has, those that are not done included.</summary>
    public int? ItemCount { get; init; }

    public string? Result { get; init; }

    public IReadOnlyList<SeedOutput> Outputs { get; init; } = [];

    public IReadOnlyList<JobMessage> Messages { get; init; } = [];

    public Guid? RequestId { get; init; }

    public string? Owner { get; init; }

    public int? Priority { get; init; }

    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>The course of a job that is not over. Null: it stays as it is.</summary>
    public VendorScript? Script { get; init; }
}

/// <summary>Where a seeded job is.</summary>
internal enum SeedStage
{
    Queued,
    Working,
    Completed,
    Failed,
    Canceled,
    Expired,
}

/// <summary>A file of a seeded job.</summary>
internal sealed record SeedOutput(string Id, string FileName, IReadOnlyList<string> Formats, string Content);
