using Errand.Storage;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>One request that passed the gate.</summary>
internal sealed class ApiCall(HttpContext http, ErrandApi api, ApiRoute route, ErrandPrincipal? principal, ApiUrls urls)
{
    private ApiMapping? mapping;

    public HttpContext Http => http;

    public HttpRequest Request => http.Request;

    public HttpResponse Response => http.Response;

    public ErrandApi Api => api;

    public ApiRoute Route => route;

    public ApiUrls Urls => urls;

    /// <summary>Who calls. Only on routes with a scope.</summary>
    public ErrandPrincipal Principal => principal!;

    public DateTimeOffset Now => api.Time.GetUtcNow();

    public CancellationToken Aborted => http.RequestAborted;

    public IJobClient Jobs => api.Clients.For(Principal.Caller);

    public IJobContents Contents => api.Clients.ContentsFor(Principal.Caller);

    /// <summary>Puts what the engine knows into the words of the wire, as this caller may see it.</summary>
    public ApiMapping Map => mapping ??= new ApiMapping(urls, principal, api.Problems, Now);

    /// <summary>The job's id in the path. A text of another shape is no job of ours: unknown, never malformed.</summary>
    public JobId JobId => JobId.TryParse(RouteValue("id"), out var id) ? id : throw new ApiProblemException(ApiProblem.NotFound);

    public string RouteValue(string name) => (string?)http.Request.RouteValues[name] ?? "";

    /// <summary>Takes nothing new while the host stops; another node, or the restarted one, will.</summary>
    public void RefuseWhileDraining()
    {
        if (!api.Health.Draining) return;
        throw new ApiProblemException(new ApiProblem(ProblemCatalog.Draining, "This server is shutting down. Send the request again.") { RetryAfter = TimeSpan.FromSeconds(2) });
    }

    /// <summary>The job of a look-up, or the refusal.</summary>
    public static Job Found(JobLookup lookup) => lookup switch
    {
        { Job: { } job } => job,
        { Tombstone: { } tombstone } => throw new ApiProblemException(
            new ApiProblem(ProblemCatalog.JobPurged, "The job was there and is purged.") { PurgedAt = tombstone.PurgedAt }),
        _ => throw new ApiProblemException(ApiProblem.NotFound),
    };
}
