using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Writes problem details (RFC 9457).</summary>
internal sealed class ProblemWriter(ErrandApiOptions options)
{
    public const string ContentType = "application/problem+json";

    public async Task WriteAsync(HttpContext http, ApiProblem problem, ApiUrls urls)
    {
        var response = http.Response;
        if (response.HasStarted)
        {
            http.Abort();
            return;
        }

        ApiMetrics.Refused(problem.Kind);
        response.Clear();
        response.StatusCode = problem.Kind.Status;
        AddHeaders(response, problem, urls);
        var body = JsonSerializer.SerializeToUtf8Bytes(ToResource(problem, urls), ErrandJsonContext.Default.ProblemResource);
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>The body. Random ids are new for each answer, so that they tell nothing about what was asked for.</summary>
    public ProblemResource ToResource(ApiProblem problem, ApiUrls urls) => new()
    {
        Type = TypeOf(problem.Kind, urls),
        Title = problem.Kind.Title,
        Status = problem.Kind.Status,
        Code = problem.Kind.Code,
        Detail = problem.Detail,
        Instance = $"urn:uuid:{Guid.NewGuid()}",
        TraceId = (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString(),
        Parameter = problem.Parameter,
        Errors = problem.Errors,
        Job = problem.Job,
        JobError = problem.JobError,
        PurgedAt = problem.PurgedAt,
        CurrentEtag = problem.CurrentEtag,
        MaxBytes = problem.MaxBytes,
        ViolatedPolicies = problem.ViolatedPolicies,
    };

    /// <summary>Where the page of a problem or of a job's error code lies.</summary>
    public string PageOf(string name, ApiUrls urls) => options.ProblemPages is { } pages ? pages.AbsoluteUri + name : $"{urls.Root}/problems/{name}";

    private string TypeOf(ProblemKind kind, ApiUrls urls) => kind.IsPlain ? "about:blank" : kind.Type ?? PageOf(kind.Name, urls);

    private void AddHeaders(HttpResponse response, ApiProblem problem, ApiUrls urls)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = ApiAnswer.Vary;
        if (problem.RetryAfter is { } wait) headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (problem.Header is { } header) headers[header.Name] = header.Value;
        if (problem.Kind.Status is 400 && !problem.Kind.IsPlain) headers.Link = $"<{PageOf(problem.Kind.Name, urls)}>; rel=\"describedby\"";
        if (problem.Kind.Status is 401) headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        if (problem.Scope is not null) headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{problem.Scope}\"";
    }
}
