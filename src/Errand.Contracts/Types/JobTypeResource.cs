namespace Errand.Contracts;

/// <summary>A declared type.</summary>
public sealed record JobTypeResource
{
    /// <summary>Its durable name.</summary>
    public required string Name { get; init; }

    /// <summary>Former names.</summary>
    public IReadOnlyList<string> Aliases { get; set; } = [];

    /// <summary>One sentence for people.</summary>
    public string? Description { get; init; }

    /// <summary>The queue of jobs that name none.</summary>
    public required string Queue { get; init; }

    /// <summary>What runs it: <c>dotnet</c>, <c>http</c>, <c>http.batch</c>, <c>command</c>.</summary>
    public required string Handler { get; init; }

    /// <summary>How many failed attempts end a job that does not say.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>How long an attempt may run.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The shape of the input that is stored with new jobs.</summary>
    public int InputVersion { get; init; }

    /// <summary>JSON Schema 2020-12 of the input.</summary>
    public RawJson? InputSchema { get; init; }

    /// <summary>Whether a submit without an Idempotency-Key is refused.</summary>
    public bool RequireIdempotencyKey { get; init; }

    /// <summary>How many living worker sessions can run it.</summary>
    public int Workers { get; init; }
}
