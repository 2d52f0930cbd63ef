using System.Globalization;
using System.Text.Json;

namespace Errand.Dialects.Zendesk;

/// <summary>Shows what became of one element. Pure.</summary>
internal static class ZendeskItems
{
    /// <summary>
    /// The vendor's entry for an item. What the handler gave as the item's result may name its <c>id</c>, <c>title</c>, <c>action</c>, <c>status</c>, <c>account_id</c>, <c>email</c> and
    /// <c>external_id</c>; other members are not the vendor's and stay out.
    /// </summary>
    public static ZendeskResult Of(JobItem item, string? action)
    {
        using var result = Parse(item.Result);
        var told = result?.RootElement is { ValueKind: JsonValueKind.Object } root ? root : default;
        var did = Text(told, "action") ?? action;
        var failed = item.Status is JobItemStatus.Failed;
        var id = Whole(told, "id") ?? NumberOf(item);
        return new ZendeskResult
        {
            Id = id,
            Index = id is null || did == "create" ? item.Index : null,
            Title = Text(told, "title"),
            AccountId = Whole(told, "account_id"),
            Email = Text(told, "email"),
            ExternalId = Text(told, "external_id"),
            Action = did,
            Errors = failed ? item.Error?.Message ?? "Failed" : "",
            Error = failed ? item.Error?.Code : null,
            Details = failed ? item.Error?.Message : null,
            Success = !failed,
            Status = Text(told, "status") ?? (failed ? "Failed" : Word(did)),
        };
    }

    // An item that nobody named is called by its place in the batch, which is no id.
    private static long? NumberOf(JobItem item) =>
        item.Key != item.Index?.ToString(CultureInfo.InvariantCulture) && long.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Word(string? action) => action switch
    {
        "create" => "Created",
        "delete" => "Deleted",
        null => "Completed",
        _ => "Updated",
    };

    private static string? Text(JsonElement told, string name) =>
        told.ValueKind is JsonValueKind.Object && told.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static long? Whole(JsonElement told, string name) =>
        told.ValueKind is JsonValueKind.Object && told.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return null;
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null; // A result of another media type.
        }
    }
}
