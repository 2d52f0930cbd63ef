using System.Text.Json;
using System.Text.Json.Serialization;

namespace Errand.Storage.Sqlite;

/// <summary>A job as it lies in an outbox, beside its input: what outlives a release. Only add members, with a default.</summary>
internal sealed record OutboxDocument(
    string Type, string Queue, string Owner, int Priority, DateTimeOffset DueAt, DateTimeOffset CreatedAt, DateTimeOffset? Deadline, int MaxAttempts, OutboxDetails Details,
    string? Upload, int InputVersion)
{
    /// <summary>The shape of a row. A greater one is left to a newer release.</summary>
    public const int Format = 1;

    public static OutboxDocument Of(NewJob job) => new(
        job.Head.Type, job.Head.Queue, job.Head.Owner, job.Head.Priority, job.Head.DueAt, job.Head.CreatedAt, job.Head.Deadline, job.Head.MaxAttempts, OutboxDetails.Of(job.Details),
        job.Input.UploadId, job.Input.Version);

    public static OutboxDocument Read(string json) =>
        JsonSerializer.Deserialize(json, OutboxJson.Default.OutboxDocument) ?? throw new JsonException("An outbox holds a job that says nothing.");

    public string Write() => JsonSerializer.Serialize(this, OutboxJson.Default.OutboxDocument);

    public JobHead Head(string tenant, JobId id, string? uniqueKey) => new()
    {
        Tenant = tenant,
        Id = id,
        Type = Type,
        Queue = Queue,
        Owner = Owner,
        Priority = Priority,
        DueAt = DueAt,
        CreatedAt = CreatedAt,
        UpdatedAt = CreatedAt,
        Deadline = Deadline,
        MaxAttempts = MaxAttempts,
        UniqueKey = uniqueKey,
    };
}

/// <summary>The details of a job in an outbox.</summary>
internal sealed record OutboxDetails(
    Guid RequestId, IReadOnlyDictionary<string, string>? Labels, TimeSpan? Timeout, TimeSpan? Retention, string? CorrelationId, string? ParentId, string? RetryOf, string? ScheduleId,
    string? TraceParent, string? TraceState, string? Fingerprint, int? ItemCount)
{
    public static OutboxDetails Of(JobDetails details) => new(
        details.RequestId, details.Labels.Count > 0 ? details.Labels : null, details.Timeout, details.Retention, details.CorrelationId, details.ParentId, details.RetryOf,
        details.ScheduleId, details.TraceParent, details.TraceState, details.Fingerprint, details.ItemCount);

    public JobDetails Read() => new()
    {
        RequestId = RequestId,
        Labels = Labels ?? JobDetails.None.Labels,
        Timeout = Timeout,
        Retention = Retention,
        CorrelationId = CorrelationId,
        ParentId = ParentId,
        RetryOf = RetryOf,
        ScheduleId = ScheduleId,
        TraceParent = TraceParent,
        TraceState = TraceState,
        Fingerprint = Fingerprint,
        ItemCount = ItemCount,
    };
}

[JsonSerializable(typeof(OutboxDocument))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class OutboxJson : JsonSerializerContext;
