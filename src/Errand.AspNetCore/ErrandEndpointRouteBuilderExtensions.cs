using Errand.AspNetCore;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP API.</summary>
public static class ErrandEndpointRouteBuilderExtensions
{
    private static readonly string[] Get = ["GET", "HEAD"];

    /// <summary>Maps the native API below a prefix.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">Where: a path that begins with a slash. Default: <c>/v1</c>.</param>
    /// <exception cref="InvalidOperationException">AddErrandApi is missing.</exception>
    public static RouteGroupBuilder MapErrand(this IEndpointRouteBuilder endpoints, string prefix = "/v1")
    {
        var api = ApiOf(endpoints);
        var group = Group(endpoints, prefix);

        // Errand's own tokens are checked by the gate; an app's fallback policy knows nothing of them and would refuse.
        if (api.Options.MapPrincipal is null) group.WithMetadata(new AllowAnonymousAttribute());
        api.Prefix = prefix.TrimEnd('/');
        new NativeApi(api, api.Prefix).MapEndpoints(group);
        return group;
    }

    /// <summary>Maps another wire format below a prefix.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">Where: a path that begins with a slash, or <c>/</c> for the root.</param>
    /// <param name="dialect">Its name.</param>
    /// <exception cref="InvalidOperationException">There is no such dialect; the message names the line that adds it.</exception>
    public static RouteGroupBuilder MapErrandDialect(this IEndpointRouteBuilder endpoints, string prefix, string dialect)
    {
        var api = ApiOf(endpoints);
        var known = endpoints.ServiceProvider.GetServices<IWireDialect>().ToList();
        var found = known.FirstOrDefault(d => d.Name == dialect) ?? throw new InvalidOperationException(
            $"There is no dialect '{dialect}'. Add it with services.AddErrand().AddDialect<…>(). Known: {string.Join(", ", known.Select(d => d.Name))}.");
        var group = Group(endpoints, prefix);
        if (api.Options.MapPrincipal is null) group.WithMetadata(new AllowAnonymousAttribute());
        api.Mounts.Map(api, found, group, prefix.TrimEnd('/'));
        return group;
    }

    /// <summary>Maps <c>/livez</c>, <c>/readyz</c> and <c>/startupz</c>, open to everyone.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="reasons">
    /// Whether everyone is told why it is not healthy: only where no outsider comes. Default: false, they are for <c>jobs.admin</c>.
    /// </param>
    public static RouteGroupBuilder MapErrandHealth(this IEndpointRouteBuilder endpoints, bool reasons = false)
    {
        var health = new HealthEndpoints(ApiOf(endpoints), reasons);
        var group = Open(endpoints);
        group.MapMethods("/livez", Get, HealthEndpoints.LiveAsync);
        group.MapMethods("/readyz", Get, health.ReadyAsync);
        group.MapMethods("/startupz", Get, health.StartedAsync);
        return group;
    }

    /// <summary>Maps <c>/openapi/v1.json</c> and <c>/.well-known/security.txt</c>, open to everyone.</summary>
    public static RouteGroupBuilder MapErrandDocuments(this IEndpointRouteBuilder endpoints)
    {
        var api = ApiOf(endpoints);
        var group = Open(endpoints);
        group.MapMethods("/openapi/v1.json", Get, new ApiDocument(api).AnswerAsync);
        group.MapMethods("/.well-known/security.txt", Get, new SecurityText(api).AnswerAsync);
        return group;
    }

    private static RouteGroupBuilder Open(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("");
        group.WithMetadata(new AllowAnonymousAttribute());
        return group;
    }

    private static RouteGroupBuilder Group(IEndpointRouteBuilder endpoints, string prefix)
    {
        if (prefix.Length > 0 && prefix[0] != '/') throw new ArgumentException($"The prefix begins with a slash: MapErrand(\"/{prefix}\").", nameof(prefix));
        return endpoints.MapGroup(prefix.TrimEnd('/'));
    }

    private static ErrandApi ApiOf(IEndpointRouteBuilder endpoints) => endpoints.ServiceProvider.GetService<ErrandApi>()
        ?? throw new InvalidOperationException("The API of Errand is not registered. Add it before the app is built: builder.Services.AddErrand().UseSqlite(\"data\").AddErrandApi();");
}
