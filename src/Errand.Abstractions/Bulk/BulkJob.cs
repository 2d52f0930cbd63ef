using System.Text.Json;
using System.Text.Json.Serialization;

namespace Errand;

/// <summary>The input of a job of the type <see cref="TypeName"/>: what is to be done with which jobs, and in whose name.</summary>
public sealed record BulkJob
{
    /// <summary>The built-in type that does it: <c>system.bulk</c>.</summary>
    public const string TypeName = "system.bulk";

    /// <summary>What is to be done.</summary>
    public required BulkAction Action { get; init; }

    /// <summary>Which jobs, in the language of <see cref="JobFilterParser"/>. Ages count from <see cref="AsOf"/>.</summary>
    public required string Filter { get; init; }

    /// <summary>When it was asked for. Jobs accepted later are left alone, so that a retry does not chase the jobs it makes.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The caller's tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The caller.</summary>
    public required string Subject { get; init; }

    /// <summary>Whether the caller sees every job of the tenant; see <see cref="JobCaller.SeesAll"/>.</summary>
    public bool SeesAll { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>The caller that it is done for.</summary>
    [JsonIgnore]
    public JobCaller Caller => new(Tenant, Subject) { SeesAll = SeesAll };

    /// <summary>Writes it as the job's input.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BulkJson.Default.BulkJob);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static BulkJob Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, BulkJson.Default.BulkJob) ?? throw new JsonException("The input of a bulk job is missing.");
}

/// <summary>What is done with many jobs.</summary>
public enum BulkAction
{
    /// <summary>Each is asked to stop.</summary>
    Cancel,

    /// <summary>Each failed or canceled one is submitted again.</summary>
    Retry,

    /// <summary>Each finished one is removed.</summary>
    Delete,
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BulkJob))]
internal sealed partial class BulkJson : JsonSerializerContext;
