using System.Globalization;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Zendesk;

/// <summary>Puts refusals into the vendor's words.</summary>
internal static class ZendeskProblems
{
    public const string JsonType = "application/json; charset=utf-8";

    /// <summary>The vendor's status and body. Pure.</summary>
    /// <param name="problem">The refusal.</param>
    /// <param name="bearer">Whether the request came with a bearer token.</param>
    public static (int Status, ZendeskError Body) Of(DialectProblem problem, bool bearer) => problem.Name switch
    {
        JobProblems.Unauthenticated when bearer => (401, new ZendeskError("invalid_token")
        {
            ErrorDescription = "The access token provided is expired, revoked, malformed or invalid for other reasons.",
        }),
        JobProblems.Unauthenticated => (401, new ZendeskError("Couldn't authenticate you")),
        JobProblems.InsufficientScope => (403, new ZendeskError("Forbidden") { Description = problem.Detail }),

        // A job that was there is to the vendor one that was not.
        JobProblems.NotFound or JobProblems.JobPurged => (404, new ZendeskError("RecordNotFound") { Description = "Not found" }),
        DialectProblem.RouteNotFound => (404, new ZendeskError("InvalidEndpoint") { Description = "Not found" }),
        DialectProblem.MethodNotAllowed => (405, new ZendeskError("MethodNotAllowed") { Description = problem.Detail }),
        JobProblems.InvalidRequest or JobProblems.InputSchemaViolation when problem.Errors.Count > 0 => (422, Invalid(problem)),
        JobProblems.InvalidRequest or JobProblems.InputSchemaViolation => (problem.Status, new ZendeskError("BadRequest") { Description = problem.Detail }),
        JobProblems.IdempotencyKeyReused or JobProblems.IdempotencyKeyInvalid or JobProblems.IdempotencyKeyMissing or JobProblems.IdempotencyInProgress =>
            (problem.Name == JobProblems.IdempotencyInProgress ? 409 : 400, new ZendeskError("IdempotentRequestError") { Description = problem.Detail }),
        JobProblems.PayloadTooLarge => (413, new ZendeskError("RequestEntityTooLarge") { Description = problem.Detail }),
        JobProblems.UnsupportedMediaType => (415, new ZendeskError("UnsupportedMediaType") { Description = problem.Detail }),
        JobProblems.QuotaExceeded => (429, new ZendeskError("APIRateLimitExceeded") { Description = "Number of allowed API requests per minute exceeded" }),
        JobProblems.UnknownJobType => (404, new ZendeskError("InvalidEndpoint") { Description = "Not found" }),
        _ when problem.Status is 503 or 507 => (503, new ZendeskError("ServiceUnavailable") { Description = problem.Detail }),
        _ when problem.Status >= 500 => (problem.Status, new ZendeskError("InternalServerError") { Description = problem.Detail }),

        // A name that begins with a capital is the vendor's already.
        _ when char.IsAsciiLetterUpper(problem.Name[0]) => (problem.Status, new ZendeskError(problem.Name) { Description = problem.Detail }),
        _ => (problem.Status, new ZendeskError(problem.Status == 400 ? "BadRequest" : Pascal(problem.Name)) { Description = problem.Detail }),
    };

    /// <summary>Writes it.</summary>
    public static Task WriteAsync(HttpContext http, DialectProblem problem)
    {
        var bearer = http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
        var (status, body) = Of(problem, bearer);
        var headers = http.Response.Headers;
        if (problem.Allow.Count > 0) headers.Allow = string.Join(", ", problem.Allow);
        if (problem.RetryAfter is { } wait) headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (status != 401) return http.WriteJsonAsync(body, ZendeskSparseJson.Default.ZendeskError, status, JsonType);
        headers.WWWAuthenticate = bearer ? "Bearer error=\"invalid_token\"" : "Basic realm=\"Web Password\"";
        return http.WriteJsonAsync(body, ZendeskSparseJson.Default.ZendeskError, status, "application/json; charset=UTF-8");
    }

    private static ZendeskError Invalid(DialectProblem problem) => new("RecordInvalid")
    {
        Description = "RecordValidation errors",
        Details = problem.Errors.GroupBy(e => Field(e.Pointer), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(e => new ZendeskFault("invalid", e.Detail)).ToArray(), StringComparer.Ordinal),
    };

    private static string Field(string pointer)
    {
        var field = pointer.TrimStart('#', '/');
        return field.Length == 0 ? "base" : field;
    }

    private static string Pascal(string name) =>
        string.Concat(name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
