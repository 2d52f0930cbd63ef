using System.Text.Json.Serialization;

namespace Errand.Catalog;

/// <summary>How a declaration is kept in the store. Members may be added; older nodes skip what they do not know.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobType))]
internal sealed partial class CatalogJson : JsonSerializerContext;
