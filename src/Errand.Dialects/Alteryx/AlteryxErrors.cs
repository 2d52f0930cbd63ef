using System.Globalization;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Alteryx;

/// <summary>Refusals as ASP.NET Web API 2 writes them, on which the vendor's server stands: <c>message</c>, and <c>modelState</c> for fields.</summary>
internal static class AlteryxErrors
{
    private const string DeniedText = "Authorization has been denied for this request.";
    private const string InvalidText = "The request is invalid.";
    private const string NotFoundText = "The requested resource was not found.";

    public static DialectProblemException Denied() => new(new DialectProblem(401, JobProblems.Unauthenticated, DeniedText));

    public static DialectProblemException Forbidden(string why) => new(new DialectProblem(403, JobProblems.InsufficientScope, why));

    public static DialectProblemException NotFound() => new(new DialectProblem(404, JobProblems.NotFound, NotFoundText));

    public static DialectProblemException Invalid(IReadOnlyList<JobFieldError> errors) =>
        new(new DialectProblem(400, JobProblems.InvalidRequest, InvalidText) { Errors = errors });

    public static Task WriteAsync(HttpContext http, DialectProblem problem)
    {
        var status = problem.Status is 410 ? 404 : problem.Status;
        var headers = http.Response.Headers;
        if (status == 401) headers.WWWAuthenticate = "Bearer";
        if (problem.Allow.Count > 0) headers.Allow = string.Join(", ", problem.Allow);
        if (problem.RetryAfter is { } wait) headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        headers.CacheControl = "no-store";
        return http.WriteJsonAsync(new ErrorView(Message(http, problem, status), ModelState(problem)), AlteryxJson.Default.ErrorView, status);
    }

    private static string Message(HttpContext http, DialectProblem problem, int status) => (status, problem.Name) switch
    {
        (401, _) => DeniedText,
        (400, _) when problem.Errors.Count > 0 => InvalidText,
        (404, DialectProblem.RouteNotFound) => $"No HTTP resource was found that matches the request URI '{http.Request.Path}'.",
        (404, _) => NotFoundText,
        (405, _) => $"The requested resource does not support http method '{http.Request.Method}'.",
        (500, _) => "An error has occurred.",
        _ => problem.Detail,
    };

    private static Dictionary<string, IReadOnlyList<string>>? ModelState(DialectProblem problem)
    {
        if (problem.Status != 400 || problem.Errors.Count == 0) return null;
        return problem.Errors.GroupBy(error => error.Pointer.StartsWith("#/", StringComparison.Ordinal) ? $"contract.{error.Pointer[2..].Replace('/', '.')}" : error.Pointer)
            .ToDictionary(group => group.Key, IReadOnlyList<string> (group) => [.. group.Select(error => error.Detail)], StringComparer.Ordinal);
    }
}
