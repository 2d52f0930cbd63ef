using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Errand.Dialects.Zendesk;

/// <summary>What a bulk request asks for.</summary>
/// <param name="Items">A JSON array with one object for each element; empty for a document without elements.</param>
/// <param name="Input">What is not an element: <c>{"action":…,"starter":…}</c> with the <c>id</c> of the path and the other members of the body.</param>
/// <param name="Action">What is done to each element.</param>
internal sealed record ZendeskWork(ReadOnlyMemory<byte> Items, ReadOnlyMemory<byte> Input, string Action);

/// <summary>Reads bulk requests. Pure: throws <see cref="ZendeskMistake"/>.</summary>
internal static class ZendeskElements
{
    /// <summary>The vendor's most for one request.</summary>
    public const int Max = 100;

    public static ZendeskWork Read(ZendeskStarter starter, IReadOnlyList<string> ids, bool external, string pathId, ReadOnlyMemory<byte> body)
    {
        using var document = Parse(body);
        var root = document?.RootElement ?? default;
        var action = starter.Action;
        var elements = new ArrayBufferWriter<byte>();
        var rest = default(JsonElement);
        using (var writer = new Utf8JsonWriter(elements))
        {
            writer.WriteStartArray();
            switch (starter.Source)
            {
                case ZendeskSource.Body when ids.Count > 0:
                    Check(ids.Count);
                    var common = Common(root, starter);
                    foreach (var id in ids) WriteElement(writer, id, external, common);
                    break;
                case ZendeskSource.Body:
                    WriteArray(writer, Member(root, starter.Plural, JsonValueKind.Array));
                    break;
                case ZendeskSource.Query:
                    if (ids.Count == 0) throw new ZendeskMistake("ids", "blank", "ids: cannot be blank: ?ids=1,2,3");
                    Check(ids.Count);
                    foreach (var id in ids) WriteElement(writer, id, external, default);
                    break;
                case ZendeskSource.Path:
                    WriteElement(writer, pathId, external: false, default);
                    break;
                case ZendeskSource.BodyIds:
                    rest = root;
                    WriteArray(writer, Member(root, "ids", JsonValueKind.Array));
                    break;
                case ZendeskSource.Job:
                    rest = Member(root, "job", JsonValueKind.Object);
                    if (rest.TryGetProperty("action", out var named) && named.ValueKind is JsonValueKind.String) action = named.GetString()!;
                    if (action.Length is 0 or > 64) throw new ZendeskMistake("action", "invalid", "action: is a word such as create, update or delete");
                    WriteArray(writer, Member(rest, "items", JsonValueKind.Array));
                    break;
                default:
                    rest = root;
                    break;
            }

            writer.WriteEndArray();
        }

        var items = starter.Source is ZendeskSource.Whole ? default : elements.WrittenMemory;
        return new ZendeskWork(items, Input(starter, action, pathId, rest), action);
    }

    private static void WriteArray(Utf8JsonWriter writer, JsonElement array)
    {
        if (array.GetArrayLength() == 0) throw new ZendeskMistake("elements", "blank", "The array has no elements.");
        Check(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind is JsonValueKind.Object) element.WriteTo(writer);
            else if (element.ValueKind is JsonValueKind.Number or JsonValueKind.String) WriteElement(writer, element.ToString(), external: false, default);
            else throw new ZendeskMistake("elements", "invalid", "Each element is an object or an id.");
        }
    }

    // An id that is a whole number stays one: the handler's key for the element is then the id of the answer.
    private static void WriteElement(Utf8JsonWriter writer, string id, bool external, JsonElement common)
    {
        var name = external ? "external_id" : "id";
        writer.WriteStartObject();
        if (!external && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) writer.WriteNumber(name, number);
        else writer.WriteString(name, id);
        if (common.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in common.EnumerateObject())
            {
                if (member.Name != name) member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Input(ZendeskStarter starter, string action, string pathId, JsonElement rest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("starter", starter.Key);
        writer.WriteString("action", action);
        if (pathId.Length > 0) writer.WriteString("id", pathId);
        if (rest.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in rest.EnumerateObject())
            {
                if (member.Name is not ("starter" or "action" or "id" or "ids" or "items")) member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    // The documents of node-zendesk give what is done to all without the member around it, and its users send it so.
    private static JsonElement Common(JsonElement root, ZendeskStarter starter)
    {
        var isBare = root.ValueKind is JsonValueKind.Object && root.EnumerateObject().Any() && !root.TryGetProperty(starter.Singular, out _) && !root.TryGetProperty(starter.Plural, out _);
        return isBare ? root : Member(root, starter.Singular, JsonValueKind.Object);
    }

    private static JsonElement Member(JsonElement root, string name, JsonValueKind kind) =>
        root.ValueKind is JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new ZendeskMistake(name, "blank", $"{name}: {(kind is JsonValueKind.Array ? "an array" : "an object")} is expected in the body");

    private static void Check(int count)
    {
        if (count > Max) throw new ZendeskMistake(null, "TooManyValues", $"The request has {count} elements; {Max} are the most.");
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty) return null;
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw new ZendeskMistake(null, "InvalidJson", $"The body is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }
}

/// <summary>A bulk request that cannot be read.</summary>
/// <param name="field">The member or parameter; null when it is not about one.</param>
/// <param name="kind">The vendor's word: <c>blank</c>, <c>invalid</c>; without a field, the name of the error.</param>
/// <param name="message">What is wrong and what would be right.</param>
internal sealed class ZendeskMistake(string? field, string kind, string message) : Exception(message)
{
    public string? Field { get; } = field;

    public string Kind { get; } = kind;
}
