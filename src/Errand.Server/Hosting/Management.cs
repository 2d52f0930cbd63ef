using Errand.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.Server.Hosting;

/// <summary>
/// A listening address for operators: metrics, and health with its reasons. What is there is not on the public address, and the API is not
/// there.
/// </summary>
internal static partial class Management
{
    public static void Use(WebApplication app, Uri? url)
    {
        if (url is null) return;
        var routes = new ApplicationBuilder(app.Services);
        routes.UseRouting();
        routes.UseEndpoints(endpoints =>
        {
            endpoints.MapErrandMetrics();
            endpoints.MapErrandHealth(reasons: true);
        });
        var answer = routes.Build();
        var port = new Lazy<int>(() => PortOf(app, url));
        app.Lifetime.ApplicationStarted.Register(() => Listening(app.Logger, $"http://{url.Host}:{port.Value}"));
        app.Use((http, next) =>
        {
            if (http.Connection.LocalPort != port.Value) return next(http);

            // The public routes have been matched already; here only the operators' count.
            http.SetEndpoint(null);
            http.Request.RouteValues.Clear();
            return answer(http);
        });
    }

    /// <summary>Refuses an address that shares its port with a public one: they are told apart by it.</summary>
    public static void Check(Uri? url, IReadOnlyList<string> addresses)
    {
        if (url is null or { Port: 0 }) return;
        var taken = addresses.FirstOrDefault(address => Port(address) == url.Port);
        if (taken is not null) throw new ConfigException(
            "The configuration", [new ConfigError("management.url", $"needs a port of its own; {url.Port} is that of {taken}. Choose another, as http://127.0.0.1:{url.Port + 1}")]);
    }

    // Port 0 takes a free one; the addresses are told in the order in which they were bound, this one last.
    private static int PortOf(WebApplication app, Uri url) => url.Port != 0
        ? url.Port
        : new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Last()).Port;

    [LoggerMessage(1550, LogLevel.Information, "Metrics and health, for operators, are at {Url}.")]
    private static partial void Listening(ILogger logger, string url);

    private static int? Port(string address)
    {
        var host = address.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal);
        return Uri.TryCreate(host, UriKind.Absolute, out var uri) ? uri.Port : null;
    }
}
