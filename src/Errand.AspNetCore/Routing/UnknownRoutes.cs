using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Errand.AspNetCore;

/// <summary>
/// Answers whatever under the prefix no route takes, as a problem. A catch-all hides the framework's own 405, so the paths are matched
/// again here to tell 405, with Allow, from 404.
/// </summary>
internal sealed class UnknownRoutes(ErrandApi api, ApiUrlSource urls, IReadOnlyList<ApiRoute> routes)
{
    private readonly List<(TemplateMatcher Matcher, string[] Methods)> known =
        [.. routes.Select(r => (new TemplateMatcher(new RouteTemplate(RoutePatternFactory.Parse(r.Pattern)), []), r.MethodList))];

    public Task AnswerAsync(HttpContext http)
    {
        var path = "/" + http.Request.RouteValues["rest"];
        var allowed = known.Where(k => k.Matcher.TryMatch(path, [])).SelectMany(k => k.Methods).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var problem = allowed.Count == 0
            ? new ApiProblem(ProblemCatalog.RouteNotFound, "There is no such route. The routes are listed in /openapi/v1.json.")
            : new ApiProblem(ProblemCatalog.MethodNotAllowed, $"This path takes {string.Join(", ", allowed)}.") { Header = ("Allow", string.Join(", ", allowed)) };
        return api.Problems.WriteAsync(http, problem, urls.For(http.Request));
    }
}
