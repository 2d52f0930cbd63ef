using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>Schemas of the wire types, from the same metadata that reads and writes them.</summary>
internal sealed class ApiSchemas
{
    private static readonly Dictionary<Type, IReadOnlyList<string>> Words = new()
    {
        [typeof(JobStatus)] = WireWords.All<JobStatus>(),
        [typeof(JobItemStatus)] = WireWords.All<JobItemStatus>(),
        [typeof(JobSeverity)] = WireWords.All<JobSeverity>(),
        [typeof(JobAttemptOutcome)] = WireWords.All<JobAttemptOutcome>(),
        [typeof(UniqueConflict)] = WireWords.All<UniqueConflict>(),
        [typeof(SettleOutcome)] = WireWords.All<SettleOutcome>(),
    };

    private readonly SortedDictionary<string, JsonNode?> components = new(StringComparer.Ordinal);
    private readonly JsonSchemaExporterOptions options;

    public ApiSchemas() => options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    public JsonObject Components => new(components.Select(c => KeyValuePair.Create(c.Key, c.Value?.DeepClone())));

    /// <summary>A reference to the schema of a wire type.</summary>
    public JsonNode Of(Type type)
    {
        if (type == typeof(RawJson)) return new JsonObject();
        var name = NameOf(type);
        if (!components.ContainsKey(name))
        {
            components[name] = null;
            components[name] = ErrandJsonContext.Default.GetTypeInfo(type)!.GetJsonSchemaAsNode(options);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(RawJson)) return new JsonObject { ["description"] = "Any JSON." };
        if (type == typeof(DateTimeOffset)) return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        if (type == typeof(TimeSpan)) return new JsonObject { ["type"] = "string", ["format"] = "duration" };
        if (Words.TryGetValue(type, out var words)) return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) };
        return context.Path.Length > 0 && context.TypeInfo.Kind is JsonTypeInfoKind.Object && type.Assembly == typeof(RawJson).Assembly ? Of(type) : schema;
    }

    private static string NameOf(Type type) => type.IsGenericType ? $"{type.GetGenericArguments()[0].Name}Page" : type.Name;
}
