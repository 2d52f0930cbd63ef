using System.Text.Json.Nodes;
using Errand.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Errand.OpenApi;

/// <summary>
/// Says of the job in a document what the wire says: an app's own JSON options, from which its schemas are made, do not write these types and would have words be numbers, and numbers perhaps
/// texts.
/// </summary>
internal static class JobSchemas
{
    private static readonly Dictionary<Type, IReadOnlyList<string>> Words = new()
    {
        [typeof(JobStatus)] = WireWords.All<JobStatus>(),
        [typeof(JobAttemptOutcome)] = WireWords.All<JobAttemptOutcome>(),
    };

    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (Words.TryGetValue(type, out var words))
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. words.Select(word => (JsonNode)word)];
        }
        else if (context.JsonPropertyInfo?.DeclaringType.Assembly == typeof(JobResource).Assembly && schema.Type is { } written && IsNumber(written))
        {
            schema.Type = written & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        return Task.CompletedTask;
    }

    private static bool IsNumber(JsonSchemaType type) => type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number);
}
