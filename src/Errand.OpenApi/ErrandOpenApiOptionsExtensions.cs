using Errand.OpenApi;
using Microsoft.AspNetCore.OpenApi;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Shows jobs in the OpenAPI document of an app.</summary>
public static class ErrandOpenApiOptionsExtensions
{
    /// <summary>
    /// Documents endpoints that run as jobs, <c>.RunsAsJob()</c>: the job and the headers of their 202, what they answer to <c>Prefer: wait</c>, and the headers that they take.
    /// <c>builder.Services.AddOpenApi(options =&gt; options.AddErrand())</c>.
    /// </summary>
    public static OpenApiOptions AddErrand(this OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddOperationTransformer(JobOperations.DescribeAsync).AddSchemaTransformer(JobSchemas.DescribeAsync);
    }
}
