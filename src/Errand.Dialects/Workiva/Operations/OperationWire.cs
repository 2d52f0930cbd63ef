using System.Text.Json;
using System.Text.Json.Serialization;

namespace Errand.Dialects.Workiva;

/// <summary>An operation as the vendor shows it, the same in 2022-01-01 and 2026-01-01. Absent members are left out.</summary>
internal sealed record Operation
{
    public required OperationAction Created { get; init; }

    /// <summary>What went wrong, of the operation and of its items.</summary>
    public IReadOnlyList<OperationDetail>? Details { get; init; }

    public required string Id { get; init; }

    /// <summary>The request that began it: a UUID.</summary>
    public required string OriginalRequest { get; init; }

    /// <summary>Where the results lie, once it is completed.</summary>
    public string? ResourceUrl { get; init; }

    /// <summary><c>acknowledged</c>, <c>queued</c>, <c>started</c>, <c>completed</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    public required OperationAction Updated { get; init; }
}

internal sealed record OperationAction(string DateTime, OperationUser? User = null);

internal sealed record OperationUser(string Id);

internal sealed record OperationDetail(string? Code, string? Message, string? Target = null);

/// <summary>The vendor's error of every endpoint but the spreadsheets': bare, without an envelope.</summary>
internal sealed record OperationError(string Code, string Message, IReadOnlyList<OperationDetail>? Details = null);

/// <summary>One page of results.</summary>
internal sealed record OperationResultsPage(IReadOnlyList<JsonElement> Data)
{
    /// <summary>The next page; absent on the last.</summary>
    [JsonPropertyName("@nextLink")]
    public string? NextLink { get; init; }

    /// <summary>The revision that the edit made, where there is one.</summary>
    public JsonElement? Revision { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(OperationError))]
[JsonSerializable(typeof(OperationResultsPage))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class OperationJson : JsonSerializerContext;
