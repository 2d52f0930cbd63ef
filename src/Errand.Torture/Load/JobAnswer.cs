using System.Net;
using System.Text.Json;

namespace Errand.Torture.Load;

/// <summary>What a request about a job was answered.</summary>
internal sealed record JobAnswer(HttpStatusCode Status, string Body, string? ETag)
{
    private readonly JsonElement _job = (int)Status < 300 ? JsonDocument.Parse(Body).RootElement : default;

    public bool HasJob => (int)Status < 300;

    /// <summary>The request was understood, and nothing was done about it: the store is full or away, the server stops.</summary>
    public bool IsUnavailable => Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.InsufficientStorage or HttpStatusCode.TooManyRequests;

    public string Id => _job.GetProperty("id").GetString()!;

    public string JobStatus => _job.GetProperty("status").GetString()!;

    public long Version => _job.GetProperty("version").GetInt64();

    public bool Done => _job.GetProperty("done").GetBoolean();

    public string? ErrorCode => _job.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;

    /// <summary>The number of the run whose result it has.</summary>
    public long? Run => _job.TryGetProperty("result", out var result) && result.ValueKind is JsonValueKind.Object && result.TryGetProperty("run", out var run) ? run.GetInt64() : null;

    public (long Completed, long Failed) Progress =>
        _job.TryGetProperty("progress", out var progress) ? (progress.GetProperty("completed").GetInt64(), progress.GetProperty("failed").GetInt64()) : default;

    /// <summary>Everything that must never change again; null while the job lives.</summary>
    public string? End => Done ? $"{JobStatus} {_job.GetProperty("finishedAt")} v{Version} {ETag}" : null;
}
