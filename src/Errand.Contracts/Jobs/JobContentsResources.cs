namespace Errand.Contracts;

/// <summary>One element of a batch job.</summary>
public sealed record ItemResource
{
    /// <summary>The handler's name for it.</summary>
    public required string Key { get; init; }

    /// <summary>Its place, from 0.</summary>
    public int? Index { get; init; }

    /// <summary>What became of it.</summary>
    public required JobItemStatus Status { get; init; }

    /// <summary>What it gave.</summary>
    public RawJson? Result { get; init; }

    /// <summary>Why it failed.</summary>
    public JobErrorResource? Error { get; init; }
}

/// <summary>One line of a job's log.</summary>
public sealed record MessageResource
{
    /// <summary>Order within the job, from 1.</summary>
    public long Sequence { get; init; }

    /// <summary>When it was said.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>How grave it is.</summary>
    public JobSeverity Severity { get; init; }

    /// <summary>What it says.</summary>
    public required string Text { get; init; }

    /// <summary>The tool or source number.</summary>
    public int? Source { get; init; }

    /// <summary>The attempt that said it.</summary>
    public int Attempt { get; init; }
}

/// <summary>A file that a job published.</summary>
public sealed record OutputResource
{
    /// <summary>Its name within the job.</summary>
    public required string Id { get; init; }

    /// <summary>The name a download gets.</summary>
    public required string FileName { get; init; }

    /// <summary>The words that <c>?format=</c> takes; the first is the default.</summary>
    public required IReadOnlyList<string> AvailableFormats { get; init; }

    /// <summary>Length of the default format in bytes.</summary>
    public long Size { get; init; }

    /// <summary>SHA-256 of the default format.</summary>
    public required string Digest { get; init; }

    /// <summary>When it was published.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The attempt that published it.</summary>
    public int Attempt { get; init; }

    /// <summary>Every format.</summary>
    public IReadOnlyList<OutputFormatResource> Formats { get; set; } = [];
}

/// <summary>One rendering of an output.</summary>
/// <param name="Format">The word that <c>?format=</c> takes.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Digest">SHA-256 as <c>sha-256=:base64:</c>.</param>
/// <param name="Url">Where to fetch it.</param>
public sealed record OutputFormatResource(string Format, string ContentType, long Size, string Digest, string Url);

/// <summary>What a job waits for, or what became of it.</summary>
public sealed record WhyResource
{
    /// <summary>A stable word: <c>paused_queue</c>, <c>no_worker</c>, <c>concurrency_limit</c>, <c>scheduled</c>, <c>running</c>, …</summary>
    public required string Code { get; init; }

    /// <summary>The same in one sentence for a person.</summary>
    public required string Sentence { get; init; }

    /// <summary>When that ends, if known.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The queue that it is about.</summary>
    public string? Queue { get; init; }

    /// <summary>The worker that holds the job.</summary>
    public string? Worker { get; init; }

    /// <summary>Jobs that hold the limit.</summary>
    public IReadOnlyList<string>? Jobs { get; init; }

    /// <summary>How many jobs are ahead of it, capped at 10,000.</summary>
    public int? Ahead { get; init; }
}
