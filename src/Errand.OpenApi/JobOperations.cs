using Errand.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Errand.OpenApi;

/// <summary>Completes the operations of endpoints that answer 202 with a job.</summary>
internal static class JobOperations
{
    private static readonly (string Name, string Words)[] Answered =
    [
        ("Operation-Location", "The job: answers 200 as long as it is there."),
        ("Location", "The job's result, which answers 202 until it is there."),
        ("Content-Location", "The job that the body shows."),
        ("Operation-Id", "The job's id."),
        ("Retry-After", "Seconds after which asking again makes sense."),
        ("ETag", "Changes with every change of the job; strong."),
    ];

    private static readonly (string Name, string Words)[] Taken =
    [
        ("Prefer", "wait=N holds the answer until the job is over, N seconds at most; respond-async answers at once."),
        ("Idempotency-Key", "The same key with the same request gives the same job."),
    ];

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var isJob = context.Description.SupportedResponseTypes.Any(response => response is { StatusCode: 202 } && response.Type == typeof(JobResource));
        if (isJob && operation.Responses?.GetValueOrDefault("202") is OpenApiResponse accepted) Describe(operation, accepted);
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiOperation operation, OpenApiResponse accepted)
    {
        accepted.Headers = Answered.ToDictionary(header => header.Name, IOpenApiHeader (header) => new OpenApiHeader { Description = header.Words, Schema = Text() }, StringComparer.Ordinal);
        operation.Responses!.TryAdd("200", new OpenApiResponse
        {
            Description = "The job is over, within the time that Prefer: wait gave it.",
            Content = accepted.Content,
            Headers = new Dictionary<string, IOpenApiHeader>(accepted.Headers, StringComparer.Ordinal)
            {
                ["Preference-Applied"] = new OpenApiHeader { Description = "What was honoured of Prefer.", Schema = Text() },
            },
        });
        operation.Parameters ??= [];
        foreach (var (name, words) in Taken)
        {
            if (operation.Parameters.Any(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase))) continue;
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Header, Description = words, Schema = Text() });
        }
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
