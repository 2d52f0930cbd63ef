using Errand.Contracts;

namespace Errand.Client;

/// <summary>What a submit may say beside type and input. What is not set takes the type's value.</summary>
public sealed record JobSubmitOptions
{
    /// <summary>
    /// Sending the same job again with this key gives the same job, for a day by default: the id of an order, a message, a row. Default: a
    /// new key for each call, so that a broken connection within it makes no second job.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The id of the job, made by the caller: submitting it again gives the same job for as long as that is kept. Default: made by the server.</summary>
    public Guid? Id { get; init; }

    /// <summary>The queue.</summary>
    public string? Queue { get; init; }

    /// <summary>0 to 9, 9 the most urgent. Default: 5.</summary>
    public int? Priority { get; init; }

    /// <summary>At most 32 names (63 characters) with values (255 characters), for finding jobs.</summary>
    public IDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Not before this instant. Not together with <see cref="Delay"/>.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Not before this much time. Not together with <see cref="RunAt"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Past this instant the job fails.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>How many failed attempts end the job: 1 to 100.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>How long one attempt may run.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long the finished job is kept.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>While a job of the tenant with this key lives, no other is made.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>What happens when the unique key is taken. Default: the live job is returned.</summary>
    public UniqueConflict? OnConflict { get; init; }

    /// <summary>The upload that holds the items of a batch job: see <see cref="HttpJobClient.UploadAsync"/>.</summary>
    public string? ItemsFrom { get; init; }

    /// <summary>The items of a batch job: a JSON array of at most 1,000.</summary>
    public RawJson? Items { get; init; }

    /// <summary>The job that this one belongs to.</summary>
    public string? ParentId { get; init; }

    /// <summary>The caller's own name for a group of requests.</summary>
    public string? CorrelationId { get; init; }

    internal SubmitJobRequest Request(string type, RawJson? input) => new()
    {
        Type = type,
        Id = Id?.ToString("N"),
        Input = input,
        Items = Items,
        ItemsFrom = ItemsFrom,
        Queue = Queue,
        Priority = Priority,
        Labels = Labels.Count > 0 ? Labels.ToDictionary(StringComparer.Ordinal) : null,
        RunAt = RunAt,
        Delay = Delay,
        Deadline = Deadline,
        MaxAttempts = MaxAttempts,
        Timeout = Timeout,
        Retention = Retention,
        UniqueKey = UniqueKey,
        OnConflict = OnConflict,
        ParentId = ParentId,
        CorrelationId = CorrelationId,
    };
}
