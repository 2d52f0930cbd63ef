using System.Text.Json;

namespace Errand.Handlers;

/// <summary>Scalar members of an item, as text.</summary>
internal static class ItemField
{
    private const int LongestKey = 255;

    public static string? Read(JsonElement item, string field) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(field, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                _ => null,
            }
            : null;

    /// <summary>What an item is called: by the named member, else by <c>id</c> or <c>key</c>, else by its place.</summary>
    public static string Key(JsonElement item, string? member, int index)
    {
        var key = member is null ? Read(item, "id") ?? Read(item, "key") : Read(item, member);
        return string.IsNullOrEmpty(key) ? index.ToString() : key.Length <= LongestKey ? key : key[..LongestKey];
    }
}
