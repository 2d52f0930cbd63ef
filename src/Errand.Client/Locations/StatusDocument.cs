using System.Text.Json;
using Errand.Contracts;

namespace Errand.Client.Locations;

/// <summary>
/// Understands the status documents of other systems: Azure's (<c>status</c>, <c>error</c>, <c>properties</c>), Google's (<c>done</c>,
/// <c>error</c>, <c>response</c>) and those like them. A pure reading of one document.
/// </summary>
internal static class StatusDocument
{
    private static readonly Dictionary<string, JobStatus> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["succeeded"] = JobStatus.Succeeded,
        ["success"] = JobStatus.Succeeded,
        ["completed"] = JobStatus.Succeeded,
        ["complete"] = JobStatus.Succeeded,
        ["done"] = JobStatus.Succeeded,
        ["finished"] = JobStatus.Succeeded,
        ["failed"] = JobStatus.Failed,
        ["failure"] = JobStatus.Failed,
        ["error"] = JobStatus.Failed,
        ["faulted"] = JobStatus.Failed,
        ["canceled"] = JobStatus.Canceled,
        ["cancelled"] = JobStatus.Canceled,
        ["aborted"] = JobStatus.Canceled,
        ["notstarted"] = JobStatus.Queued,
        ["not_started"] = JobStatus.Queued,
        ["accepted"] = JobStatus.Queued,
        ["queued"] = JobStatus.Queued,
        ["pending"] = JobStatus.Queued,
        ["waiting"] = JobStatus.Queued,
        ["scheduled"] = JobStatus.Scheduled,
        ["canceling"] = JobStatus.Canceling,
        ["cancelling"] = JobStatus.Canceling,
        ["running"] = JobStatus.Running,
        ["inprogress"] = JobStatus.Running,
        ["in_progress"] = JobStatus.Running,
        ["started"] = JobStatus.Running,
        ["working"] = JobStatus.Running,
        ["processing"] = JobStatus.Running,
        ["creating"] = JobStatus.Running,
        ["updating"] = JobStatus.Running,
        ["deleting"] = JobStatus.Running,
        ["provisioning"] = JobStatus.Running,
    };

    /// <summary>True when a document is about work in progress, and cannot be the outcome itself.</summary>
    public static bool IsUnfinished(JsonElement document) =>
        document.ValueKind is JsonValueKind.Object
        && (document.TryGetProperty("done", out var done)
            ? done.ValueKind is JsonValueKind.False
            : Word(document) is { } word && Words.TryGetValue(word, out var status) && !IsEnd(status));

    /// <summary>The job that a status document tells of. A word that is not known means "in progress", unless the document says that it is done.</summary>
    public static JobResource Read(JsonElement document, string id)
    {
        if (Native(document) is { } native) return native;
        if (document.ValueKind is not JsonValueKind.Object) return Job(id, JobStatus.Running);
        var error = Error(document);
        bool? done = document.TryGetProperty("done", out var flag) ? flag.ValueKind is JsonValueKind.True : null;
        var status = Word(document) is { } word && Words.TryGetValue(word, out var known) ? known : JobStatus.Running;
        if (done is true && !IsEnd(status)) status = error is null ? JobStatus.Succeeded : JobStatus.Failed;
        if (done is false && IsEnd(status)) status = JobStatus.Running;
        return Job(id, status) with
        {
            Error = status is JobStatus.Failed or JobStatus.Canceled ? error : null,
            Progress = Percent(document) is { } percent ? new ProgressResource { Percent = percent } : null,
            Result = status is JobStatus.Succeeded ? Member(document, "result", "response") : null,
        };
    }

    /// <summary>Where a finished document says that the outcome is.</summary>
    public static string? ResultAddress(JsonElement document)
    {
        if (document.ValueKind is not JsonValueKind.Object) return null;
        if (document.TryGetProperty("resultInfo", out var info) && info.ValueKind is JsonValueKind.Object) return Text(info, "url");
        return Text(document, "resourceLocation") ?? Text(document, "resultUrl");
    }

    public static JobResource Job(string id, JobStatus status) =>
        new() { Id = id, Type = "", Queue = "", Status = status, Done = IsEnd(status) };

    /// <summary>The error of a refusal or a status document: Azure's <c>error{code,message}</c>, problem details, or Errand's own.</summary>
    public static JobErrorResource? Error(JsonElement document)
    {
        if (document.ValueKind is not JsonValueKind.Object) return null;
        var body = Inner(document, "jobError") ?? Inner(document, "error") ?? document;
        var message = Text(body, "message") ?? Text(body, "detail") ?? Text(body, "title") ?? Text(document, "error");
        if (message is null) return null;
        return new JobErrorResource { Code = Text(body, "code") ?? Number(body, "code") ?? "failed", Message = message, Type = Text(body, "type") };
    }

    private static JobResource? Native(JsonElement document)
    {
        if (document.ValueKind is not JsonValueKind.Object || !document.TryGetProperty("done", out _)
            || !document.TryGetProperty("queue", out _) || !document.TryGetProperty("type", out _)) return null;
        try
        {
            return document.Deserialize(ErrandJsonContext.Default.JobResource);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsEnd(JobStatus status) => status is JobStatus.Succeeded or JobStatus.Failed or JobStatus.Canceled;

    private static string? Word(JsonElement document)
    {
        if (Text(document, "status") is { } status) return status;
        return document.TryGetProperty("properties", out var nested) && nested.ValueKind is JsonValueKind.Object
            ? Text(nested, "provisioningState")
            : null;
    }

    private static double? Percent(JsonElement document)
    {
        foreach (var name in (string[])["percentComplete", "percentage", "percent", "progress"])
        {
            if (document.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number) return value.GetDouble();
        }

        return null;
    }

    private static RawJson? Member(JsonElement document, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (document.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null) return RawJson.From(value);
        }

        return null;
    }

    private static JsonElement? Inner(JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string? Number(JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetRawText() : null;
}
