using System.Globalization;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Workiva;

/// <summary>What every answer has in common: an id of the request, the version, seconds to wait, the way a time is written.</summary>
internal static class WorkivaExchange
{
    /// <summary>The version that the paths under <c>/spreadsheets/v1</c> and <c>/platform/v1</c> have, and that a request without <c>X-Version</c> means.</summary>
    public const string Version = "2022-01-01";

    private const string NextVersion = "2026-01-01";
    private static readonly object RequestIdKey = new();

    /// <summary>The same id for the whole exchange: in the body, in <c>X-Request-Id</c>, and remembered by the job that the request begins.</summary>
    public static Guid RequestIdOf(HttpContext http)
    {
        if (http.Items.TryGetValue(RequestIdKey, out var known)) return (Guid)known!;
        var made = Guid.NewGuid();
        http.Items[RequestIdKey] = made;
        return made;
    }

    /// <summary>Refuses an <c>X-Version</c> that does not have the path. Absent or empty is <see cref="Version"/>; the paths without a version take both.</summary>
    public static void CheckVersion(DialectCall call, string family)
    {
        var asked = call.Request.Headers["X-Version"].ToString();
        if (asked is "" or Version) return;
        if (asked is not NextVersion)
        {
            throw Invalid("X-Version", $"X-Version is {Version} or {NextVersion}, or left out.");
        }

        if (family.Length > 0) throw new DialectProblemException(new DialectProblem(404, DialectProblem.RouteNotFound, $"Version {NextVersion} has no paths under {family}."));
    }

    /// <summary>Reads the job's id of the path.</summary>
    /// <exception cref="DialectProblemException">400: no id of the vendor's can look like this.</exception>
    /// <exception cref="JobProblemException">Not found: it is none of ours.</exception>
    public static JobId JobIdOf(DialectCall call, string name)
    {
        var text = call.RouteValue(name);
        if (text.Length <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+' or '=' or '.' or '~')) return call.JobIdOf(name);
        throw Invalid(name, $"{name} has at most 128 letters, digits and dashes.");
    }

    public static DialectProblemException Invalid(string field, string detail) =>
        new(new DialectProblem(400, JobProblems.InvalidRequest, detail) { Errors = [new JobFieldError(field, detail)] });

    /// <summary>RFC 3339 in UTC with as many digits as there are: the vendor's texts have none to nine.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static void SetRetryAfter(HttpResponse response, TimeSpan wait) =>
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
