using Errand;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP API.</summary>
public static class ErrandEndpointRouteBuilderExtensions
{
    private static readonly string[] Get = ["GET", "HEAD"];

    /// <summary>Maps the native API below a prefix.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">Where: a path that begins with a slash. Default: <c>/v1</c>.</param>
    /// <param name="configure">How this mount answers.</param>
    /// <exception cref="InvalidOperationException">AddErrand is missing.</exception>
    public static RouteGroupBuilder MapErrand(this IEndpointRouteBuilder endpoints, string prefix = "/v1", Action<ErrandMountOptions>? configure = null)
    {
        var api = ApiOf(endpoints);
        var group = Group(endpoints, prefix);
        var mount = new ErrandMountOptions();
        configure?.Invoke(mount);
        var urls = new ApiUrlSource(prefix.TrimEnd('/'), api.Options, mount.LocationIsStatus);
        api.AddMount(urls);
        LetOurTokensPass(group, api);
        new NativeApi(api, urls).MapEndpoints(group);
        Compose(endpoints, api);
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
        LetOurTokensPass(group, api);
        api.Mounts.Map(api, found, group, prefix.TrimEnd('/'), [.. endpoints.ServiceProvider.GetServices<IDialectFilter>()]);
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

    /// <summary>
    /// Errand's own tokens are checked by the gate; an app's fallback policy knows nothing of them and would refuse. Where the app asks for
    /// authorization by name, or signs callers in for us, its policies hold.
    /// </summary>
    private static void LetOurTokensPass(RouteGroupBuilder group, ErrandApi api) => ((IEndpointConventionBuilder)group).Finally(endpoint =>
    {
        if (api.Options.MapPrincipal is null && !endpoint.Metadata.Any(m => m is IAuthorizeData or AuthorizationPolicy)) endpoint.Metadata.Add(new AllowAnonymousAttribute());
    });

    /// <summary>Tells the engine, before it starts, of endpoints that run as jobs, and of a server that is only a test's.</summary>
    private static void Compose(IEndpointRouteBuilder endpoints, ErrandApi api)
    {
        var services = endpoints.ServiceProvider;
        if (services.GetService<ErrandComposition>() is not { } composition || !api.Roots.Add(endpoints)) return;
        composition.StandByIf(() => StandBy.Reason(services));
        composition.Declare(() => EndpointJobCatalog.Read(endpoints, api.Sealer));
    }

    /// <summary>The first who reads wrong options would tell of these alone; the host's own check tells of all.</summary>
    private static ErrandApi ApiOf(IEndpointRouteBuilder endpoints)
    {
        try
        {
            return ErrandApiSource.Of(endpoints.ServiceProvider);
        }
        catch (OptionsValidationException)
        {
            endpoints.ServiceProvider.GetService<IStartupValidator>()?.Validate();
            throw;
        }
    }
}
