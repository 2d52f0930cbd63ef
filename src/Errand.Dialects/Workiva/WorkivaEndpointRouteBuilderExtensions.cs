using Errand.Dialects.Workiva;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the wires of Workiva.</summary>
public static class WorkivaEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>/spreadsheets/v1/queue-jobs</c>, <c>/platform/v1/operations</c>, <c>/operations</c> and <c>/prototype/platform/operations</c> below a prefix, with the calls that begin jobs.
    /// What is not served below the vendor's paths answers its 404.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">Where: a path that begins with a slash. Default: the root.</param>
    public static RouteGroupBuilder MapErrandWorkiva(this IEndpointRouteBuilder endpoints, string prefix = "/") => endpoints.MapErrandDialect(prefix, WorkivaDialect.DialectName);
}
