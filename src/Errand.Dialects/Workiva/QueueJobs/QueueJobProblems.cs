using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Workiva;

/// <summary>Refusals in the shape of the spreadsheets endpoints.</summary>
internal static class QueueJobProblems
{
    public static Task WriteAsync(HttpContext http, DialectProblem problem)
    {
        WorkivaHeaders.Set(http.Response, problem);
        // A job that was there and is purged: no content, says the vendor.
        if (problem.Status == 410) return http.WriteBytesAsync(ReadOnlyMemory<byte>.Empty, 410, "application/json");
        var body = new QueueJobError(Entries(problem), problem.Detail, WorkivaExchange.RequestIdOf(http).ToString(), WorkivaExchange.Version);
        return http.WriteJsonAsync(body, QueueJobJson.Default.QueueJobError, WorkivaHeaders.StatusOf(problem));
    }

    private static IReadOnlyList<QueueJobErrorEntry> Entries(DialectProblem problem) => problem.Errors.Count > 0
        ? [.. problem.Errors.Select(error => new QueueJobErrorEntry(CodeOf(problem), error.Pointer, ResourceOf(problem)))]
        : [new QueueJobErrorEntry(CodeOf(problem), FieldOf(problem), ResourceOf(problem))];

    private static string CodeOf(DialectProblem problem) => WorkivaHeaders.StatusOf(problem) switch
    {
        400 => "invalid",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        409 => "conflict",
        413 => "too_large",
        422 => "unprocessable",
        429 => "too_many_requests",
        503 => "unavailable",
        500 => "internal",
        _ => problem.Name.Replace('-', '_'),
    };

    private static string FieldOf(DialectProblem problem) => problem.Status switch
    {
        401 or 403 => "Authorization",
        404 when problem.Name == JobProblems.NotFound => "jobId",
        _ => "",
    };

    private static string ResourceOf(DialectProblem problem) => problem.Status is 401 or 403 ? "token" : problem.Name is JobProblems.NotFound or QueueJobRoutes.OtherKind ? "job" : "request";
}
