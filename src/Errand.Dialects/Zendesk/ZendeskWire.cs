using System.Text.Json;
using System.Text.Json.Serialization;

namespace Errand.Dialects.Zendesk;

/// <summary>A job as the vendor shows it. Null members are written: today's samples have them.</summary>
internal record ZendeskJobStatus
{
    public required string Id { get; init; }

    // Came after 2012; absent in the form of that year.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? JobType { get; init; }

    public required string Url { get; init; }

    public long? Total { get; init; }

    public long? Progress { get; init; }

    public required string Status { get; init; }

    public string? Message { get; init; }

    /// <summary>An array of <see cref="ZendeskResult"/>, one <see cref="ZendeskSuccess"/>, or null.</summary>
    public JsonElement? Results { get; init; }
}

/// <summary>The fields beside the envelope that holds them too.</summary>
internal sealed record ZendeskBoth : ZendeskJobStatus
{
    [JsonPropertyOrder(-1)]
    public required ZendeskJobStatus JobStatus { get; init; }
}

/// <summary>Under the envelope.</summary>
internal sealed record ZendeskOne(ZendeskJobStatus JobStatus);

/// <summary>What became of one element. Typed clients of the vendor need a whole number as <c>id</c> and a string as <c>errors</c>.</summary>
internal sealed record ZendeskResult
{
    public string? Title { get; init; }

    public long? Id { get; init; }

    public int? Index { get; init; }

    public long? AccountId { get; init; }

    public string? Email { get; init; }

    public string? ExternalId { get; init; }

    public string? Action { get; init; }

    public string Errors { get; init; } = "";

    public string? Error { get; init; }

    public string? Details { get; init; }

    public bool Success { get; init; }

    public string? Status { get; init; }
}

/// <summary>The results of a permanent deletion: one word for all.</summary>
internal sealed record ZendeskSuccess(bool Success);

/// <summary>Several jobs that were asked for by id.</summary>
internal sealed record ZendeskMany(IReadOnlyList<ZendeskJobStatus> JobStatuses);

/// <summary>One page of the list. The cursor form and the older form of paging say the same.</summary>
internal sealed record ZendeskList(
    IReadOnlyList<ZendeskJobStatus> JobStatuses,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count,
    string? NextPage, string? PreviousPage, ZendeskMeta Meta, ZendeskLinks Links);

internal sealed record ZendeskMeta(bool HasMore, string? AfterCursor, string? BeforeCursor);

internal sealed record ZendeskLinks(string? Prev, string? Next);

/// <summary>A refusal.</summary>
internal sealed record ZendeskError(string Error)
{
    public string? Description { get; init; }

    // OAuth spells it so.
    public string? ErrorDescription { get; init; }

    public IReadOnlyDictionary<string, ZendeskFault[]>? Details { get; init; }

    public IReadOnlyList<string>? CurrentJobIds { get; init; }
}

internal sealed record ZendeskFault(string Type, string Description);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ZendeskJobStatus))]
[JsonSerializable(typeof(ZendeskBoth))]
[JsonSerializable(typeof(ZendeskOne))]
[JsonSerializable(typeof(ZendeskMany))]
[JsonSerializable(typeof(ZendeskList))]
[JsonSerializable(typeof(ZendeskSuccess))]
internal sealed partial class ZendeskJson : JsonSerializerContext;

/// <summary>What leaves its empty members out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ZendeskResult[]))]
[JsonSerializable(typeof(ZendeskError))]
internal sealed partial class ZendeskSparseJson : JsonSerializerContext;
