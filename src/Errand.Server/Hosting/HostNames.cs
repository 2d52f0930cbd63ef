namespace Errand.Server.Hosting;

/// <summary>
/// The host names that are answered. A server that only this machine can reach answers only to this machine's names: a web page elsewhere
/// cannot rebind its own name to it.
/// </summary>
internal static class HostNames
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    public static IReadOnlyList<string> For(ErrandServerOptions options)
    {
        var config = options.Config;
        if (config.AllowedHosts.Count > 0) return config.AllowedHosts;
        if (!options.Addresses.All(IsLoopback)) return ["*"];
        return config.PublicBaseUrl is { } url ? [.. Loopback, url.Host] : Loopback;
    }

    private static bool IsLoopback(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback;
}
