using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Zendesk wire.</summary>
public static class ZendeskEndpointRouteBuilderExtensions
{
    /// <summary>Maps the Zendesk wire. Everything under <c>/api/v2</c> below the prefix is then its own.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">What comes before <c>/api/v2</c>. Default: nothing.</param>
    /// <exception cref="InvalidOperationException"><c>AddZendesk</c> is missing.</exception>
    /// <exception cref="ArgumentException">A starter of the options is unknown.</exception>
    public static RouteGroupBuilder MapErrandZendesk(this IEndpointRouteBuilder endpoints, string prefix = "/") => endpoints.MapErrandDialect(prefix, "zendesk");
}
