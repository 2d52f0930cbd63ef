using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.OpenApi.Tests;

public sealed record ReportRequest(string Month, int Rows);

public sealed record ReportSummary(string Month, int Rows);

/// <summary>An app with an endpoint that runs as a job, one that does not, and a document of both.</summary>
internal static class DocumentedApp
{
    /// <summary>Where its store would be.</summary>
    public const string DataVariable = "ERRAND_DOCUMENTED_DATA";

    public static WebApplication Build(params string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenApi(options => options.AddErrand());
        builder.Services.AddErrand().UseSqlite(Environment.GetEnvironmentVariable(DataVariable) ?? "data").AddWorker();
        var app = builder.Build();
        app.MapErrand();
        app.MapOpenApi();
        app.MapPost("/reports", (ReportRequest request) => new ReportSummary(request.Month, request.Rows)).RunsAsJob("report.export");
        app.MapPost("/echo", (ReportRequest request) => TypedResults.Accepted("/somewhere", request));
        return app;
    }
}
