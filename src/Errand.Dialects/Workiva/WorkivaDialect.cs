using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Workiva;

/// <summary>Workiva's two wires, queue jobs and operations, with the calls that begin either.</summary>
internal sealed class WorkivaDialect : IWireDialect
{
    public const string DialectName = "workiva";

    private readonly WorkivaOptions options;

    public WorkivaDialect(WorkivaOptions options)
    {
        this.options = options;
        Routes = [.. new QueueJobRoutes(options).All, .. new OperationRoutes(options).All, .. StarterRoutes.For(options)];
    }

    public string Name => DialectName;

    public IReadOnlyList<DialectRoute> Routes { get; }

    /// <summary>The versioned paths, and where the calls of version 2026-01-01 lie: whether one is served or not, it is answered in the vendor's words.</summary>
    public IReadOnlyList<string> Reserved { get; } =
        [.. WorkivaPaths.Whole, "/operations", .. StarterTable.Known.Select(starter => "/" + starter.Path.Split('/')[1]).Distinct()];

    public void Begin(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers["X-Request-Id"] = WorkivaExchange.RequestIdOf(http).ToString();
        headers.CacheControl = "no-store";
        var family = WorkivaPaths.FamilyOf(http.Request.Path);
        if (!options.DeprecationHeaders || family.Length == 0) return;
        // The vendor's pages: deprecated on 2026-02-12; gone on 2029-01-31, the prototype on 2027-01-31.
        headers["Deprecation"] = "@1770854400";
        headers["Sunset"] = family == WorkivaPaths.Prototype ? "Sun, 31 Jan 2027 00:00:00 GMT" : "Wed, 31 Jan 2029 00:00:00 GMT";
    }

    public Task WriteProblemAsync(HttpContext http, DialectProblem problem) =>
        WorkivaPaths.FamilyOf(http.Request.Path) == WorkivaPaths.QueueJobs ? QueueJobProblems.WriteAsync(http, problem) : OperationProblems.WriteAsync(http, problem);
}
