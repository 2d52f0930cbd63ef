using System.Diagnostics.Metrics;
using System.Text;
using Errand;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Metrics as plain Prometheus text, for hosts that have no telemetry pipeline of their own.</summary>
public static class ErrandMetricsExtensions
{
    private static readonly string[] Get = ["GET", "HEAD"];

    /// <summary>Keeps the numbers of Errand's instruments for <see cref="MapErrandMetrics"/>. Hosts that use OpenTelemetry do not need it.</summary>
    /// <param name="builder">What <c>AddErrand()</c> returned.</param>
    public static IErrandBuilder AddErrandMetrics(this IErrandBuilder builder)
    {
        builder.Services.TryAddSingleton(provider => new MetricBook(provider.GetService<IMeterFactory>()));
        return builder;
    }

    /// <summary>
    /// Maps the metrics as Prometheus text, open to everyone who reaches the endpoint: put it behind an address of its own
    /// (<c>.RequireHost("*:9090")</c>) or a policy (<c>.RequireAuthorization("ops")</c>). Counts from the moment it is mapped.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">Where. Default: <c>/metrics</c>.</param>
    /// <exception cref="InvalidOperationException">AddErrandMetrics is missing.</exception>
    public static IEndpointConventionBuilder MapErrandMetrics(this IEndpointRouteBuilder endpoints, string pattern = "/metrics")
    {
        var book = endpoints.ServiceProvider.GetService<MetricBook>() ?? throw new InvalidOperationException(
            "The metrics of Errand are not kept. Add that before the app is built: builder.Services.AddErrand().UseSqlite(\"data\").AddErrandMetrics();");
        return endpoints.MapMethods(pattern, Get, (HttpContext http) => AnswerAsync(http, book));
    }

    private static Task AnswerAsync(HttpContext http, MetricBook book)
    {
        var body = Encoding.UTF8.GetBytes(book.Scrape());
        http.Response.ContentType = PrometheusText.ContentType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
