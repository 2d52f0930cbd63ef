using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Workiva;

/// <summary>What both shapes of a refusal have in common.</summary>
internal static class WorkivaHeaders
{
    /// <summary>The vendor's tables have no 415, 428 or 507: such a request is a bad one, and a full disk an overload.</summary>
    public static int StatusOf(DialectProblem problem) => problem.Status switch
    {
        412 or 415 or 428 => 400,
        > 503 => 503,
        501 or 502 => 500,
        var status => status,
    };

    public static void Set(HttpResponse response, DialectProblem problem)
    {
        var status = StatusOf(problem);
        var headers = response.Headers;
        if (problem.Allow.Count > 0) headers.Allow = string.Join(", ", problem.Allow);
        if (status == 401) headers.WWWAuthenticate = "Bearer";
        if (problem.Scope is { } scope) headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
        if (status is 429 or 503) WorkivaExchange.SetRetryAfter(response, problem.RetryAfter ?? TimeSpan.FromSeconds(1));
    }
}
