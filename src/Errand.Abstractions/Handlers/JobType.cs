namespace Errand;

/// <summary>The declaration of a type: what is known of it wherever its jobs are accepted, listed or run.</summary>
public sealed record JobType
{
    /// <summary>Its durable name: <c>[a-z][a-z0-9._-]{0,127}</c>. Never a CLR name.</summary>
    public required string Name { get; init; }

    /// <summary>Former names; jobs stored under them are still run.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>One sentence for people.</summary>
    public string? Description { get; init; }

    /// <summary>The queue of jobs that name none. Default: <c>default</c>.</summary>
    public string Queue { get; init; } = JobNames.DefaultQueue;

    /// <summary>How many failed attempts end a job that does not say. Default: 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>How long an attempt may run. Default: no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long finished jobs are kept, by terminal status. Default: 7 days each.</summary>
    public JobRetention Retention { get; init; } = JobRetention.Default;

    /// <summary>The shape of the input that is stored with new jobs. Default: 1.</summary>
    public int InputVersion { get; init; } = 1;

    /// <summary>JSON Schema 2020-12 of the input, UTF-8; empty when none was given.</summary>
    public ReadOnlyMemory<byte> InputSchema { get; init; }

    /// <summary>True for types that only Errand itself submits: <c>system.bulk</c>.</summary>
    public bool Internal { get; init; }

    /// <summary>Names of the collections that it and its jobs are shared with; empty for everyone to run, and its jobs for whoever ran them.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>Whether a submit without an Idempotency-Key is refused. Default: false.</summary>
    public bool RequireIdempotencyKey { get; init; }

    /// <summary>What runs it: <c>dotnet</c>, <c>http</c>, <c>http.batch</c>, <c>command</c>, <c>remote</c>. For people.</summary>
    public string Handler { get; init; } = "dotnet";
}

/// <summary>How long finished jobs are kept. Null: for ever.</summary>
/// <param name="Succeeded">Those that ended well.</param>
/// <param name="Failed">Those that ended with an error.</param>
/// <param name="Canceled">Those that were canceled.</param>
public sealed record JobRetention(TimeSpan? Succeeded, TimeSpan? Failed, TimeSpan? Canceled)
{
    /// <summary>7 days each.</summary>
    public static JobRetention Default { get; } = new(TimeSpan.FromDays(7), TimeSpan.FromDays(7), TimeSpan.FromDays(7));

    /// <summary>How long a job that ended in this state is kept.</summary>
    public TimeSpan? For(JobState state) => state switch
    {
        JobState.Succeeded => Succeeded,
        JobState.Failed => Failed,
        _ => Canceled,
    };
}

/// <summary>Declares the type that a handler class runs.</summary>
/// <param name="name">Its durable name: <c>report.export</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class JobAttribute(string name) : Attribute
{
    /// <summary>Its durable name.</summary>
    public string Name { get; } = name;

    /// <summary>Former names; jobs stored under them are still run.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>The queue of jobs that name none. Default: <c>default</c>.</summary>
    public string Queue { get; init; } = JobNames.DefaultQueue;

    /// <summary>How many failed attempts end a job. Default: 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>How long an attempt may run, as <c>00:10:00</c>. Default: no limit.</summary>
    public string? Timeout { get; init; }

    /// <summary>The shape of the input that is stored with new jobs. Default: 1.</summary>
    public int InputVersion { get; init; } = 1;
}
