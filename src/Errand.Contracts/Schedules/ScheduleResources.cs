using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>A schedule to make or to replace: the body of <c>POST /v1/schedules</c> and <c>PUT /v1/schedules/{name}</c>, and what a <c>PATCH</c> is merged onto.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SaveScheduleRequest
{
    /// <summary>Its name: <c>[a-z][a-z0-9._-]{0,127}</c>. A PUT or PATCH takes it from the URL.</summary>
    public string? Name { get; init; }

    /// <summary>Five fields (minute hour day month weekday) or six (second first). Either this or <see cref="Every"/>.</summary>
    public string? Cron { get; init; }

    /// <summary>The IANA time zone that <see cref="Cron"/> counts in. Default: <c>UTC</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>A fixed distance, 1 second to a year. Either this or <see cref="Cron"/>.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>Each firing comes up to this much later. Default: none.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>What becomes of times that passed while nothing could fire them. Default: <c>once</c>.</summary>
    public MisfireRule? Misfire { get; init; }

    /// <summary>What happens when its former job has not ended. Default: <c>allow</c>.</summary>
    public OverlapRule? Overlap { get; init; }

    /// <summary>Fires nothing while true. Default: false.</summary>
    public bool? Paused { get; init; }

    /// <summary>Names of the collections that its jobs are shared with.</summary>
    public IReadOnlyList<string>? Collections { get; init; }

    /// <summary>The job that it submits. Without id, upload, unique key and instants.</summary>
    public SubmitJobRequest? Job { get; init; }
}

/// <summary>A schedule.</summary>
public sealed record ScheduleResource
{
    /// <summary>Its name; the <c>scheduleId</c> of its jobs.</summary>
    public required string Name { get; init; }

    /// <summary>The cron expression.</summary>
    public string? Cron { get; init; }

    /// <summary>The time zone of the cron expression.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The fixed distance.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>The largest delay of a firing.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>What becomes of times that passed while nothing could fire them.</summary>
    public MisfireRule Misfire { get; init; }

    /// <summary>What happens when its former job has not ended.</summary>
    public OverlapRule Overlap { get; init; }

    /// <summary>Fires nothing while true.</summary>
    public bool Paused { get; init; }

    /// <summary>Names of the collections that its jobs are shared with.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>The job that it submits; its input and items only with <c>jobs.read.input</c>.</summary>
    public required SubmitJobRequest Job { get; init; }

    /// <summary>Who made it: the owner of its jobs.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When someone last changed, paused or resumed it.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it fires next; absent while it is paused.</summary>
    public DateTimeOffset? NextRunAt { get; init; }

    /// <summary>When it last made a job.</summary>
    public DateTimeOffset? LastRunAt { get; init; }

    /// <summary>The last job that it made.</summary>
    public string? LastJobId { get; init; }

    /// <summary>Why its last time made no job.</summary>
    public string? Problem { get; init; }

    /// <summary>Equals the ETag; firings leave it alone.</summary>
    public long Version { get; init; }

    /// <summary>Where to go on.</summary>
    public required ScheduleLinks Links { get; init; }
}

/// <summary>Where to go on from a schedule.</summary>
/// <param name="Self">The schedule.</param>
/// <param name="Jobs">Its jobs.</param>
/// <param name="Next">Its next times.</param>
/// <param name="Run">Makes a job of it now, by POST.</param>
public sealed record ScheduleLinks(string Self, string Jobs, string Next, string Run);

/// <summary>The next times of a schedule.</summary>
/// <param name="Items">The instants, jitter included.</param>
public sealed record NextTimesResource(IReadOnlyList<DateTimeOffset> Items);
