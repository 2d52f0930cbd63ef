using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Errand.OAuth;

/// <summary>An address where tokens are asked for.</summary>
/// <param name="Path">The path.</param>
/// <param name="Lifetime">How long its tokens hold: what the vendor documents whose clients ask there, some of which refresh a minute early and some of which never do.</param>
internal sealed record TokenAddress(string Path, TimeSpan Lifetime)
{
    /// <summary>The same with doubled slashes in it, as clients write it whose configured address ends in a slash. It is looked for below the first word only, so that no other request pays for it.</summary>
    public RoutePattern Untidy { get; } = RoutePatternFactory.Parse(
        $"/{Path.Split('/')[1]}/{{**rest}}", defaults: null, parameterPolicies: new Dictionary<string, object?> { ["rest"] = new Doubled(Path[(Path.IndexOf('/', 1) + 1)..]) });

    /// <summary>The first is the one that discovery names.</summary>
    public static IReadOnlyList<TokenAddress> All { get; } =
    [
        new("/oauth2/token", TimeSpan.FromSeconds(599)),
        new("/iam/v1/oauth2/token", TimeSpan.FromSeconds(599)),
        new("/webapi/oauth2/token", TimeSpan.FromHours(1)),
        new("/oauth/tokens", TimeSpan.FromHours(1)),
    ];

    /// <summary>The address that a path means, doubled slashes or not.</summary>
    public static TokenAddress? Find(string path) => All.FirstOrDefault(address => Tidy(path).Equals(address.Path[1..], StringComparison.OrdinalIgnoreCase));

    private static string Tidy(string path) => string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));

    private sealed class Doubled(string rest) : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            values[routeKey] is string path && path.Contains('/', StringComparison.Ordinal)
            && Tidy(path).Equals(rest, StringComparison.OrdinalIgnoreCase);
    }
}
