using Microsoft.Extensions.DependencyInjection;

namespace Errand.Handlers;

/// <summary>The clients of the http kinds: no redirects, no cookies, no time limit of their own, and, for callers' URLs, a guard at the socket.</summary>
internal static class HttpClients
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds a client and returns the name to ask for it by.</summary>
    public static string Add(IServiceCollection services, string type, OutboundGuard? guard)
    {
        var name = $"errand:{type}";
        services.AddHttpClient(name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => Handler(guard))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return name;
    }

    private static SocketsHttpHandler Handler(OutboundGuard? guard)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            // The traceparent is the attempt's and is set by hand.
            ActivityHeadersPropagator = null,
        };
        if (guard is null) return handler;
        handler.UseProxy = false;
        handler.ConnectCallback = guard.ConnectAsync;
        // A name may be moved to another address after it was checked; a pooled connection must not outlive the check by much.
        handler.PooledConnectionLifetime = TimeSpan.FromSeconds(30);
        return handler;
    }
}
