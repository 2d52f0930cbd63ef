using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.AspNetCore;

/// <summary>A host that stands by has no store to answer from; it says so, and what would change that.</summary>
internal static class StandBy
{
    /// <summary>The server that <c>WebApplicationFactory</c> puts in Kestrel's place.</summary>
    private const string TestServer = "Microsoft.AspNetCore.TestHost.TestServer";

    public static string? Reason(IServiceProvider services) =>
        services.GetService<Microsoft.AspNetCore.Hosting.Server.IServer>()?.GetType().FullName == TestServer
            ? "A test started the host (TestServer). To open the store and run jobs in it: builder.UseSetting(\"Errand:Start\", \"true\")."
            : null;

    public static void ThrowIf(HttpContext http, IErrandHealth health)
    {
        // Nearly always so; and whoever asks for the request's services makes a scope for them.
        if (health.Started) return;
        if (http.RequestServices.GetService<ErrandComposition>()?.StandBy is not { } reason) return;
        throw new ApiProblemException(new ApiProblem(ProblemCatalog.StoreUnavailable, $"Errand stands by here. {reason}") { RetryAfter = TimeSpan.FromSeconds(30) });
    }
}
