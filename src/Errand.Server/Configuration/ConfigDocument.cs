using System.Text.Json;
using System.Text.Json.Nodes;

namespace Errand.Server.Configuration;

/// <summary>The configuration as one JSON object: the file, with the environment variables <c>ERRAND__a__b</c> laid over it.</summary>
internal static class ConfigDocument
{
    private const string Prefix = "ERRAND__";

    private static readonly JsonDocumentOptions Relaxed = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads a file; a file that is not there, or is not one JSON object, is a <see cref="ConfigException"/>.</summary>
    public static JsonObject Load(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonNode.Parse(stream, documentOptions: Relaxed) as JsonObject
                ?? throw new ConfigException(file, [new ConfigError("", "The file must hold one JSON object: { … }")]);
        }
        catch (JsonException e)
        {
            throw new ConfigException(file, [new ConfigError("", $"The file is not JSON: {e.Message}")]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(file, [new ConfigError("", $"The file cannot be read: {e.Message} Name another with --config.")]);
        }
    }

    /// <summary>Lays environment variables over the document. Names are matched whatever their case.</summary>
    public static void Overlay(JsonObject document, IEnumerable<KeyValuePair<string, string>> environment)
    {
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) continue;
            var steps = name[Prefix.Length..].Split("__", StringSplitOptions.RemoveEmptyEntries);
            if (steps.Length > 0) Set(document, steps, value);
        }
    }

    private static void Set(JsonObject target, ReadOnlySpan<string> steps, string value)
    {
        var name = Existing(target, steps[0]);
        if (steps.Length == 1)
        {
            target[name] = Value(value);
            return;
        }

        if (target[name] is not JsonObject inner) target[name] = inner = [];
        Set(inner, steps[1..], value);
    }

    // A member that the file does not have gets the casing of the documented names: all of them begin with a lower-case letter.
    private static string Existing(JsonObject target, string step)
    {
        foreach (var (name, _) in target)
        {
            if (name.Equals(step, StringComparison.OrdinalIgnoreCase)) return name;
        }

        return ConfigNames.Canonical(step);
    }

    // A list or an object is written as JSON; anything else is a text, and whoever reads it makes a number of it.
    private static JsonNode Value(string value)
    {
        if (!value.StartsWith('[') && !value.StartsWith('{')) return JsonValue.Create(value);
        try
        {
            return JsonNode.Parse(value, documentOptions: Relaxed)!;
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }
}
