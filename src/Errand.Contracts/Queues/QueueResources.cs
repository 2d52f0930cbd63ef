using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>A queue.</summary>
public sealed record QueueResource
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Gives nothing while true.</summary>
    public bool Paused { get; init; }

    /// <summary>At most this many jobs of it run at once, on all nodes together.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>At most this many jobs of it start a second.</summary>
    public double? Rate { get; init; }

    /// <summary>Jobs that wait, the scheduled ones included.</summary>
    public long Queued { get; init; }

    /// <summary>Jobs that run.</summary>
    public long Running { get; init; }

    /// <summary>Due time of the job that waits longest.</summary>
    public DateTimeOffset? OldestDueAt { get; init; }
}

/// <summary>The body of <c>PATCH /v1/queues/{name}</c>: a JSON merge patch. An explicit null takes a limit away.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UpdateQueueRequest
{
    /// <summary>Whether it gives nothing.</summary>
    public bool? Paused { get; init; }

    /// <summary>1 or more.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Over 0.</summary>
    public double? Rate { get; init; }
}
