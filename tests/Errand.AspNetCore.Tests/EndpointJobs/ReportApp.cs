using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.AspNetCore.Tests;

public sealed record ReportRequest(string Month, int Rows);

public sealed record ReportSummary(string Month, int Rows, string Format, string Owner, string? Mail);

/// <summary>A scoped service: one for each request and one for each attempt.</summary>
public sealed class Reports
{
    public Guid Id { get; } = Guid.NewGuid();
}

/// <summary>An app of somebody's own, with endpoints that run as jobs and users that a header signs in.</summary>
internal static class ReportApp
{
    public static ApiServer Server(Action<WebApplication>? more = null, Action<ErrandApiOptions>? configure = null) => new()
    {
        Configure = configure ?? (options => options.MapPrincipal = Map),
        ConfigureServices = services => services.AddScoped<Reports>(),
        ConfigureApp = app =>
        {
            SignIn(app);
            app.MapPost("/reports/{format}", RunAsync).AddEndpointFilter(RefuseEmpty).RunsAsJob("report.export");
            more?.Invoke(app);
        },
    };

    public static ErrandPrincipal? Map(ClaimsPrincipal user) => user.FindFirst("sub")?.Value is { } sub
        ? new ErrandPrincipal("acme", sub, ErrandScopes.Default) { Roles = ["analyst"], Claims = new Dictionary<string, string> { ["mail"] = $"{sub}@example.com" } }
        : null;

    public static void SignIn(WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.Headers["X-User"] is [{ } user]) http.User = new ClaimsPrincipal(new ClaimsIdentity(user == "-" ? [] : [new Claim("sub", user)], "cookie"));
        return next(http);
    });

    public static Task<HttpResponseMessage> AskAsync(this ApiServer host, string path, string json, string? user, params (string Name, string Value)[] headers) =>
        host.As(null).SayAsync("POST", path, json, headers: user is null ? headers : [("X-User", user), .. headers]);

    private static async Task<ReportSummary> RunAsync(
        ReportRequest request, string format, int? copies, Reports reports, JobCaller caller, IProgress<JobProgress> progress, JobContext job, CancellationToken cancellationToken)
    {
        progress.Report(new JobProgress { Percent = 40, Message = "rendering" });
        await job.LogAsync(JobSeverity.Info, $"attempt {job.Attempt}, fence {job.Fence > 0}, copies {copies}, service {reports.Id}", cancellationToken: cancellationToken);
        Assert.Equal(job.Cancellation, cancellationToken);
        Assert.Equal(["analyst"], caller.Roles);
        return new ReportSummary(request.Month, request.Rows, format, caller.Subject, caller.Claims["mail"]);
    }

    private static ValueTask<object?> RefuseEmpty(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.GetArgument<ReportRequest>(0).Rows > 0 ? next(context) : new(TypedResults.UnprocessableEntity("Rows must be more than 0."));
}
