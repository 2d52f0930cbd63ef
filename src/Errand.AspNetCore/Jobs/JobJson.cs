using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>
/// Writes a job by hand. Pollers live on this, and the serializer needs several times as long for three dozen members that are mostly
/// absent. A test compares the two for every member.
/// </summary>
internal static class JobJson
{
    public static void Write(Utf8JsonWriter json, JobResource job)
    {
        json.WriteStartObject();
        Text(json, "id"u8, job.Id);
        json.WriteString("type"u8, job.Type);
        json.WriteString("queue"u8, job.Queue);
        json.WriteString("status"u8, job.Status.Word());
        json.WriteBoolean("done"u8, job.Done);
        WriteOutcome(json, job);
        json.WriteNumber("priority"u8, job.Priority);
        Labels(json, job.Labels);
        json.WriteNumber("attempt"u8, job.Attempt);
        json.WriteNumber("maxAttempts"u8, job.MaxAttempts);
        if (job.Attempts is { } attempts) Part(json, "attempts"u8, attempts, ErrandJsonContext.Default.IReadOnlyListAttemptResource);
        if (job.ItemCount is { } items) json.WriteNumber("itemCount"u8, items);
        WriteTimes(json, job);
        WriteOrigin(json, job);
        json.WriteNumber("version"u8, job.Version);
        WriteLinks(json, job.Links);
        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, JobResource job)
    {
        if (job.Progress is { } progress) Part(json, "progress"u8, progress, ErrandJsonContext.Default.ProgressResource);
        Raw(json, "result"u8, job.Result);
        if (job.ResultInfo is { } info) Part(json, "resultInfo"u8, info, ErrandJsonContext.Default.ResultInfoResource);
        if (job.Error is { } error) Part(json, "error"u8, error, ErrandJsonContext.Default.JobErrorResource);
        if (job.LastError is { } last) Part(json, "lastError"u8, last, ErrandJsonContext.Default.JobErrorResource);
        Raw(json, "input"u8, job.Input);
        Text(json, "itemsFrom"u8, job.ItemsFrom);
    }

    private static void WriteTimes(Utf8JsonWriter json, JobResource job)
    {
        Time(json, "createdAt"u8, job.CreatedAt);
        Time(json, "nextRunAt"u8, job.NextRunAt);
        Time(json, "startedAt"u8, job.StartedAt);
        Time(json, "finishedAt"u8, job.FinishedAt);
        Time(json, "updatedAt"u8, job.UpdatedAt);
        Time(json, "deadline"u8, job.Deadline);
        Time(json, "expiresAt"u8, job.ExpiresAt);
        if (job.Timeout is { } timeout) json.WriteString("timeout"u8, WireDuration.Format(timeout));
        if (job.Retention is { } retention) json.WriteString("retention"u8, WireDuration.Format(retention));
    }

    private static void WriteOrigin(Utf8JsonWriter json, JobResource job)
    {
        Text(json, "createdBy"u8, job.CreatedBy);
        Text(json, "cancelReason"u8, job.CancelReason);
        Text(json, "uniqueKey"u8, job.UniqueKey);
        Text(json, "parentId"u8, job.ParentId);
        Text(json, "retryOf"u8, job.RetryOf);
        Text(json, "scheduleId"u8, job.ScheduleId);
        Text(json, "correlationId"u8, job.CorrelationId);
        if (job.RequestId is { } request) json.WriteString("requestId"u8, request);
        Text(json, "traceId"u8, job.TraceId);
    }

    private static void WriteLinks(Utf8JsonWriter json, JobLinks? links)
    {
        if (links is null) return;
        json.WriteStartObject("links"u8);
        json.WriteString("self"u8, links.Self);
        json.WriteString("result"u8, links.Result);
        json.WriteString("events"u8, links.Events);
        json.WriteString("cancel"u8, links.Cancel);
        json.WriteEndObject();
    }

    private static void Labels(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? labels)
    {
        if (labels is null) return;
        json.WriteStartObject("labels"u8);
        foreach (var (name, value) in labels) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void Time(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is not { } time) return;
        Span<byte> text = stackalloc byte[WireTime.Utf8Room];
        json.WriteString(name, WireTime.Format(time, text));
    }

    private static void Raw(Utf8JsonWriter json, ReadOnlySpan<byte> name, RawJson? value)
    {
        if (value is not { } raw) return;
        json.WritePropertyName(name);
        json.WriteRawValue(raw.Utf8.Span, skipInputValidation: true);
    }

    private static void Part<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, T value, JsonTypeInfo<T> type)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value, type);
    }
}
