using Errand;
using Errand.AspNetCore;
using Errand.Dialects.Alteryx;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds and maps the Alteryx Server wire.</summary>
public static class AlteryxExtensions
{
    /// <summary>Adds the dialect <c>alteryx</c>; map it with <see cref="MapErrandAlteryx"/>.</summary>
    public static IErrandBuilder AddAlteryx(this IErrandBuilder builder, AlteryxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (options is not null) builder.Services.AddSingleton(options);
        else builder.Services.TryAddSingleton(new AlteryxOptions());
        return builder.AddDialect<AlteryxDialect>();
    }

    /// <summary>Maps <c>/v3/jobs</c>, <c>/v3/workflows</c> and <c>/v1/jobs</c> below a prefix.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">The address of the Web API. Default: <c>/webapi</c>.</param>
    public static RouteGroupBuilder MapErrandAlteryx(this IEndpointRouteBuilder endpoints, string prefix = "/webapi") =>
        endpoints.MapErrandDialect(prefix, AlteryxDialect.DialectName);
}
