using Errand.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Scalar.AspNetCore;

namespace Errand.Server.Hosting;

/// <summary>
/// The API to read and to try at <c>/docs</c>. All of it comes from this server: it works offline, and nobody learns who reads it.
/// </summary>
internal static class DocsPage
{
    private const string Path = "/docs";

    public static void Map(WebApplication app, ServerConfig config)
    {
        var policy = Policy(config);
        app.MapScalarApiReference(Path, scalar => scalar
                .WithTitle("Errand").WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools())
            .AddEndpointFilter((context, next) =>
            {
                context.HttpContext.Response.Headers.ContentSecurityPolicy = policy;
                return next(context);
            });
    }

    // The page's own script is inline, and it styles itself; whatever it asks for must still be ours.
    private static string Policy(ServerConfig config)
    {
        var api = config.PublicBaseUrl is { } url ? $" {url.GetLeftPart(UriPartial.Authority)}" : "";
        return "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            + $"font-src 'self' data:; connect-src 'self'{api}; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'none'";
    }
}
