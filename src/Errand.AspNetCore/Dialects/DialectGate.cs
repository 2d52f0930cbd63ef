using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Errand.AspNetCore;

/// <summary>
/// The one place for the checks before a dialect's own: credentials (401) → rate (429) → scope (403) → size (413); and for its failures. A dialect sees only calls that passed.
/// </summary>
internal sealed class DialectGate(ErrandApi api, IWireDialect dialect, ApiUrlSource urls, IReadOnlyList<IDialectFilter> filters)
{
    public RequestDelegate Wrap(DialectRoute route) => http => PassAsync(route, http);

    public async Task PassAsync(DialectRoute route, HttpContext http)
    {
        dialect.Begin(http);
        var max = route.BodyBytesMax ?? api.Options.BodyBytesMax;
        try
        {
            var principal = route.Open ? null : api.Callers.Known(http) ?? await AuthenticateAsync(http);
            if (principal is not null) CheckRate(http, principal);
            if (principal is not null && route.Scope is { } scope && !principal.Has(scope)) throw Lacks(scope);
            CheckSize(http, max);
            await AnswerAsync(route, new DialectCall(http, api, dialect, principal, urls.For(http.Request).Root, max));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left; nobody reads an answer.
        }
        catch (Exception e)
        {
            await RefuseAsync(route, http, e, max);
        }
    }

    /// <summary>Writes a refusal, unless the answer has begun: then the connection is cut, so that nobody takes half an answer for a whole one.</summary>
    public static Task WriteAsync(IWireDialect dialect, HttpContext http, DialectProblem problem)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        http.Response.Clear();
        dialect.Begin(http);
        return dialect.WriteProblemAsync(http, problem);
    }

    public Task WriteAsync(HttpContext http, DialectProblem problem) => WriteAsync(dialect, http, problem);

    private Task AnswerAsync(DialectRoute route, DialectCall call)
    {
        var answer = route.Answer;
        for (var i = filters.Count - 1; i >= 0; i--)
        {
            var (filter, next) = (filters[i], answer);
            answer = one => filter.AnswerAsync(one, dialect, route, next);
        }

        return answer(call);
    }

    private Task RefuseAsync(DialectRoute route, HttpContext http, Exception exception, long max)
    {
        if (exception is DialectProblemException { Problem: var own }) return WriteAsync(http, own);
        var problem = Failures.Explain(exception, api.Time.GetUtcNow(), max);
        if (problem is null) ApiLog.Broke(api.Logger, exception, http.Request.Method, route.Pattern);
        return WriteAsync(http, DialectProblem.From(problem ?? Failures.Internal));
    }

    private async ValueTask<ErrandPrincipal> AuthenticateAsync(HttpContext http) =>
        await api.Callers.AuthenticateAsync(http) ?? throw new DialectProblemException(
            new DialectProblem(401, JobProblems.Unauthenticated, "Send valid credentials in the Authorization header."));

    // Written last, because a refusal clears the headers that were set before it.
    private void CheckRate(HttpContext http, ErrandPrincipal principal)
    {
        if (api.Rates.Take(dialect.Name, http.Request.Method, principal.Caller) is not { } standing) return;
        http.Response.OnStarting(() =>
        {
            dialect.WriteRate(http, standing);
            return Task.CompletedTask;
        });
        if (!standing.IsExceeded) return;
        throw new DialectProblemException(
            new DialectProblem(429, JobProblems.QuotaExceeded, RateHeaders.Sentence(standing)) { RetryAfter = standing.ResetsIn });
    }

    private static void CheckSize(HttpContext http, long max)
    {
        if (http.Request.ContentLength > max) throw new DialectProblemException(DialectProblem.From(Failures.TooLarge(max)));
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = max;
    }

    private static DialectProblemException Lacks(string scope) =>
        new(new DialectProblem(403, JobProblems.InsufficientScope, $"The credentials lack the scope {scope}.") { Scope = scope });
}
