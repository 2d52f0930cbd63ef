using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Workiva;

/// <summary>Refusals in the vendor's eight error bodies; the code is the status with its words.</summary>
internal static class OperationProblems
{
    public static Task WriteAsync(HttpContext http, DialectProblem problem)
    {
        WorkivaHeaders.Set(http.Response, problem);
        // The vendor knows no 410 here: what is purged is not found.
        var status = problem.Status switch { 410 => 404, 422 => 400, _ => WorkivaHeaders.StatusOf(problem) };
        var (code, message) = CodeOf(status);
        return http.WriteJsonAsync(new OperationError(code, message, DetailsOf(status, problem)), OperationJson.Default.OperationError, status);
    }

    private static (string Code, string Message) CodeOf(int status) => status switch
    {
        400 => ("400BadRequest", "The request was unacceptable, often due to a missing or invalid parameter"),
        401 => ("401Unauthorized", "No valid API token provided"),
        403 => ("403Forbidden", "The API token does not have permissions to perform the request"),
        404 => ("404NotFound", "The requested resource could not be found"),
        405 => ("405MethodNotAllowed", "The requested resource does not take this method"),
        408 => ("408RequestTimeout", "The request was not received in time"),
        409 => ("409Conflict", "The request conflicts with another request"),
        413 => ("413PayloadTooLarge", "The body of the request is too large"),
        429 => ("429TooManyRequests", "Too many requests have been made against the API in too short a time"),
        503 => ("503ServiceUnavailable", "The server cannot handle the request due to a temporary overload or scheduled maintenance"),
        >= 500 => ("500InternalServerError", "The server encountered an unexpected condition that prevented it from fulfilling the request"),
        _ => ($"{status}", "The request was refused"),
    };

    // Where there is a field to name or a step to take, the details say so; the others are as in the vendor's page, to the letter.
    private static List<OperationDetail>? DetailsOf(int status, DialectProblem problem)
    {
        if (problem.Errors.Count > 0) return [.. problem.Errors.Select(error => new OperationDetail(problem.Name, error.Detail, error.Pointer))];
        return status is 400 or 409 or 413 ? [new OperationDetail(problem.Name, problem.Detail)] : null;
    }
}
