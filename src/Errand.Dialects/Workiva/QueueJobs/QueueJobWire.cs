using System.Text.Json.Serialization;

namespace Errand.Dialects.Workiva;

/// <summary>A queue job as the vendor shows it (LegacySpreadsheetsAsync, version 2022-01-01). Times are RFC 3339 in UTC.</summary>
internal sealed record QueueJob
{
    public required string Created { get; init; }

    /// <summary>Only once it is over.</summary>
    public string? Finished { get; init; }

    public required string Id { get; init; }

    /// <summary>Where the output lies, or the job itself when it has none; empty unless it was successful.</summary>
    public required string NextUrl { get; init; }

    /// <summary><c>PENDING</c>, <c>RUNNING</c>, <c>FAILED</c> or <c>SUCCESSFUL</c>.</summary>
    public required string Status { get; init; }
}

/// <summary>JobDataResponse.</summary>
internal sealed record QueueJobData(QueueJob Data, string RequestId)
{
    /// <summary>Why it failed: the only documented place for words.</summary>
    [JsonPropertyOrder(-1)]
    public string? Message { get; init; }
}

/// <summary>JobCreatedResponse: here <c>next_url</c> stands outside of <c>data</c>.</summary>
internal sealed record QueueJobCreated(QueueJobName Data, string NextUrl, string RequestId);

internal sealed record QueueJobName(string Id);

/// <summary>ErrorResponse of the spreadsheets endpoints; every other endpoint of the vendor's has another shape.</summary>
internal sealed record QueueJobError(IReadOnlyList<QueueJobErrorEntry> Errors, string Message, string RequestId, string Version);

internal sealed record QueueJobErrorEntry(string Code, string Field, string Resource);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueueJobData))]
[JsonSerializable(typeof(QueueJobCreated))]
[JsonSerializable(typeof(QueueJobError))]
internal sealed partial class QueueJobJson : JsonSerializerContext;
