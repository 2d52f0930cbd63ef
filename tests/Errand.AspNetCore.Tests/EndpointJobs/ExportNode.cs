using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.AspNetCore.Tests;

/// <summary>An app over one SQLite folder whose endpoint runs as <c>report.export</c>; each life of it may have moved and rewritten that endpoint.</summary>
internal sealed class ExportNode : IAsyncDisposable
{
    /// <summary>Makes this executable a node with a worker, until a line comes in; it says a line for each job that it runs.</summary>
    public const string Argument = "run-exports";

    private readonly WebApplication app;

    private ExportNode(WebApplication app) => this.app = app;

    public static async Task<ExportNode> StartAsync(string folder, Action<WebApplication> map, bool withWorker)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var errand = builder.Services.AddErrand().UseSqlite(folder).AddErrandApi(options => options.MapPrincipal = ReportApp.Map);
        if (withWorker) errand.AddWorker(options => options.DrainTimeout = TimeSpan.Zero);
        var node = new ExportNode(builder.Build());
        ReportApp.SignIn(node.app);
        node.app.MapErrand();
        map(node.app);
        await node.app.StartAsync();
        return node;
    }

    /// <summary>The other process: the endpoint has another route and another handler, with more parameters in another order, and its type has a new name beside the declared one.</summary>
    public static async Task RunAsync(string folder)
    {
        await using var node = await StartAsync(folder, web => MapRenamed(web, refused: "2026-13"), withWorker: true);
        await Console.In.ReadLineAsync();
    }

    /// <summary>The endpoint as a later build has it.</summary>
    public static void MapRenamed(WebApplication app, string? refused = null) => app.MapPut(
        "/v2/exports/{format}",
        (string format, ReportRequest request, JobCaller caller, JobContext job, int? copies) =>
        {
            Console.Out.WriteLine($"attempt {job.Attempt} of {request.Month} for {caller.Subject}");
            if (request.Month == refused) return Results.Problem("There is no such month.", statusCode: 422);
            return Results.Ok(new ReportSummary(request.Month, request.Rows, format, caller.Subject, caller.Claims["mail"]));
        }).RunsAsJob(new JobType { Name = "report.pdf", Aliases = ["report.export"] });

    /// <summary>A client of somebody whom the app has signed in.</summary>
    public HttpClient As(string user)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new HttpClient { BaseAddress = new Uri(address), DefaultRequestHeaders = { { "X-User", user } } };
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
