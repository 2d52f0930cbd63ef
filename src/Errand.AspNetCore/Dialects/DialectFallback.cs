using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Errand.AspNetCore;

/// <summary>
/// Answers whatever under a dialect's paths the framework's routing did not match. Doubled slashes are folded and the routes tried again; a catch-all hides the framework's own 405, so the
/// methods are compared here.
/// </summary>
internal sealed class DialectFallback(DialectGate gate, IReadOnlyList<DialectRoute> routes)
{
    private readonly List<(TemplateMatcher Matcher, DialectRoute Route)> known =
    [
        .. routes.Select(route => (Template: new RouteTemplate(RoutePatternFactory.Parse(route.Pattern)), Route: route))
            .OrderBy(entry => RoutePrecedence.ComputeInbound(entry.Template))
            .Select(entry => (new TemplateMatcher(entry.Template, []), entry.Route)),
    ];

    public RequestDelegate Below(string reserved) => http => AnswerAsync(http, $"{reserved}/{http.Request.RouteValues["rest"]}");

    private Task AnswerAsync(HttpContext http, string path)
    {
        List<string> allowed = [];
        var folded = Folded(path);
        foreach (var (matcher, route) in known)
        {
            var values = new RouteValueDictionary();
            if (!matcher.TryMatch(folded, values)) continue;
            if (route.MethodList.Contains(http.Request.Method, StringComparer.OrdinalIgnoreCase))
            {
                http.Request.RouteValues = values;
                return gate.PassAsync(route, http);
            }

            allowed.AddRange(route.MethodList);
        }

        return gate.WriteAsync(http, allowed.Count == 0 ? Unknown : NotAllowed([.. allowed.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]));
    }

    private static DialectProblem Unknown { get; } = new(404, DialectProblem.RouteNotFound, "There is no such route.");

    private static DialectProblem NotAllowed(string[] allowed) =>
        new(405, DialectProblem.MethodNotAllowed, $"This path takes {string.Join(", ", allowed)}.") { Allow = allowed };

    private static string Folded(string path)
    {
        var folded = new StringBuilder(path.Length);
        foreach (var c in path)
        {
            if (c != '/' || folded.Length == 0 || folded[^1] != '/') folded.Append(c);
        }

        return folded.ToString();
    }
}
