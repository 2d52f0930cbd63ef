using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// Stands around the whole pipeline: what breaks or is refused outside a dialect's own code – a challenge, a host name, a middleware of the app – is told under the dialect's paths in the
/// dialect's words, where it would be an empty answer or somebody else's page.
/// </summary>
internal sealed class DialectErrors(ErrandApi api) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(AroundAsync);
        next(app);
    };

    private async Task AroundAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && api.Mounts.Of(http) is not null)
        {
            var problem = Failures.Explain(e, api.Time.GetUtcNow(), api.Options.BodyBytesMax);
            if (problem is null) ApiLog.Broke(api.Logger, e, http.Request.Method, http.Request.Path);
            await DialectGate.WriteAsync(api.Mounts.Of(http)!, http, DialectProblem.From(problem ?? Failures.Internal));
            return;
        }

        var response = http.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentLength is not null || response.ContentType is not null) return;
        if (api.Mounts.Of(http) is { } dialect) await DialectGate.WriteAsync(dialect, http, DialectProblem.Of(response.StatusCode));
    }
}
