namespace Errand.Server.Configuration;

/// <summary>The names with a capital inside, which an environment variable cannot show: <c>PUBLICBASEURL</c> is <c>publicBaseUrl</c>.</summary>
internal static class ConfigNames
{
    private static readonly string[] Mixed =
    [
        "publicBaseUrl", "forwardedHeaders", "knownProxies", "knownNetworks", "allowedHosts", "maxAttempts", "itemAttempts", "itemTimeout", "failOnItemErrors", "retryExitCodes",
        "workingFolder", "allowCallerUrl", "drainTimeout", "requireIdempotencyKey", "inputSchema", "inputVersion",
    ];

    public static string Canonical(string name) =>
        Array.Find(Mixed, known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name.ToLowerInvariant();
}
