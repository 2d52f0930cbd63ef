using System.Text.Json;
using System.Text.Json.Nodes;

namespace Errand.AspNetCore;

/// <summary>JSON Merge Patch, RFC 7396 §2: null takes a member away, objects are merged, everything else is replaced.</summary>
internal static class MergePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var merged = target?.DeepClone() as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null) merged.Remove(name);
            else merged[name] = Apply(merged[name], value);
        }

        return merged;
    }

    /// <summary>The patched document, UTF-8.</summary>
    /// <exception cref="ApiProblemException">The patch is no JSON object.</exception>
    public static byte[] Apply(byte[] target, byte[] patch)
    {
        var options = new JsonDocumentOptions { MaxDepth = JsonBody.DepthMax };
        JsonNode? changes;
        try
        {
            changes = JsonNode.Parse(patch, documentOptions: options);
        }
        catch (JsonException)
        {
            changes = null;
        }

        if (changes is not JsonObject) throw new ApiProblemException(ApiProblem.Invalid("#", "A merge patch is a JSON object (RFC 7396)."));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) Apply(JsonNode.Parse(target), changes)!.WriteTo(writer);
        return stream.ToArray();
    }
}
