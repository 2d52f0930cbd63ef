using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Errand.AspNetCore;

/// <summary>
/// The one place for the order of checks: route (405, 404) → credentials (401) → rate (429) → scope (403) → body and media types (413, 415, 406) →
/// query (400) → and then the route's own: body (400), look-up (404, 410), preconditions (412, 428), state (409, 422).
/// </summary>
internal sealed class ApiGate(ErrandApi api, ApiUrlSource source)
{
    public RequestDelegate Wrap(ApiRoute route) => http => PassAsync(route, http);

    private async Task PassAsync(ApiRoute route, HttpContext http)
    {
        var urls = source.For(http.Request);
        try
        {
            StandBy.ThrowIf(http, api.Health);
            var principal = route.Scope is null ? null : Known(route, http) ?? await AuthenticateAsync(route, http);
            if (principal is not null) CheckRate(http, principal);
            if (principal is not null) CheckScopes(route, http.Request, principal);
            CheckBody(route, http);
            CheckAccept(route, http.Request);
            QueryParameters.Check(route, http.Request);
            http.Response.Headers.XContentTypeOptions = "nosniff";
            await route.Answer(new ApiCall(http, api, route, principal, urls));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left; nobody reads an answer.
        }
        catch (Exception e)
        {
            await RefuseAsync(route, http, urls, e);
        }
    }

    private Task RefuseAsync(ApiRoute route, HttpContext http, ApiUrls urls, Exception exception)
    {
        var problem = Failures.Explain(exception, api.Time.GetUtcNow(), route.LimitOf(api.Options));
        if (problem is null) ApiLog.Broke(api.Logger, exception, http.Request.Method, route.Pattern);
        return api.Problems.WriteAsync(http, problem ?? Failures.Internal, urls);
    }

    /// <summary>The short path of those who poll: a token that was checked a moment ago. A ticket would come first.</summary>
    private ErrandPrincipal? Known(ApiRoute route, HttpContext http) => route.TakesTicket ? null : api.Callers.Known(http);

    private async ValueTask<ErrandPrincipal> AuthenticateAsync(ApiRoute route, HttpContext http)
    {
        if (route.TakesTicket && http.Request.Query["ticket"] is [{ } ticket] && api.Tickets.Redeem(ticket) is { } holder) return holder;
        if (await api.Callers.AuthenticateAsync(http) is { } caller) return caller;
        throw new ApiProblemException(api.Callers.Refusal(http));
    }

    // The headers go on every answer, refusals too, which clear what was set before: so they are written last.
    private void CheckRate(HttpContext http, ErrandPrincipal principal)
    {
        if (api.Rates.Take(RateLimitPolicy.NativeWire, http.Request.Method, principal.Caller) is not { } standing) return;
        http.Response.OnStarting(() =>
        {
            RateHeaders.Write(http, standing);
            return Task.CompletedTask;
        });
        if (!standing.IsExceeded) return;
        throw new ApiProblemException(new ApiProblem(ProblemCatalog.QuotaExceeded, RateHeaders.Sentence(standing))
        {
            ViolatedPolicies = [standing.Policy.Name],
            RetryAfter = RateHeaders.RetryAfter(standing),
        });
    }

    private static void CheckScopes(ApiRoute route, HttpRequest request, ErrandPrincipal principal)
    {
        var extra = route.ExtraScope?.Invoke(request);
        var missing = !principal.Has(route.Scope!) ? route.Scope : extra is not null && !principal.Has(extra) ? extra : null;
        if (missing is null) return;
        throw new ApiProblemException(new ApiProblem(ProblemCatalog.InsufficientScope, $"The credentials lack the scope {missing}.") { Scope = missing });
    }

    private void CheckBody(ApiRoute route, HttpContext http)
    {
        var max = route.LimitOf(api.Options);
        if (http.Request.ContentLength > max) throw new ApiProblemException(Failures.TooLarge(max));
        if (route.Body is null && http.Request.ContentLength is null) return;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = max;
        if (route.Consumes.Count == 0) return;
        var sent = http.Request.ContentType;
        if (sent is null && (route.BodyOptional || (http.Request.ContentLength is 0 or null && !http.Request.Headers.ContainsKey("Transfer-Encoding")))) return;
        if (MediaTypes.Matches(sent, route.Consumes)) return;
        throw new ApiProblemException(new ApiProblem(
            ProblemCatalog.UnsupportedMediaType, $"Content-Type must be {string.Join(" or ", route.Consumes)}.")
        {
            Header = (HttpMethods.IsPatch(http.Request.Method) ? "Accept-Patch" : "Accept", string.Join(", ", route.Consumes)),
        });
    }

    private static void CheckAccept(ApiRoute route, HttpRequest request)
    {
        if (route.Produces.Count == 0 || MediaTypes.Choose(request, route.Produces) is not null) return;
        throw new ApiProblemException(new ApiProblem(ProblemCatalog.NotAcceptable, $"This can be had as {string.Join(", ", route.Produces)}; Accept excludes that."));
    }
}
