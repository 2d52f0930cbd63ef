namespace Errand.Server.Configuration;

/// <summary>
/// The names with a capital inside, which an environment variable cannot show: <c>PUBLICBASEURL</c> is <c>publicBaseUrl</c>.
/// </summary>
internal static class ConfigNames
{
    private static readonly string[] Mixed =
    [
        "publicBaseUrl", "forwardedHeaders", "knownProxies", "knownNetworks", "allowedHosts", "drainTimeout", "maxAttempts",
        "requireIdempotencyKey", "inputSchema", "inputVersion", "requestTimeout", "allowCallerUrl", "callerUrlMember", "callerUrls",
        "allowHttp",
        "allowedPorts", "allowedNetworks", "itemAttempts", "itemKey", "failOnItemError", "retryableExitCodes", "killGrace",
        "timeZone", "messagesAsArray", "workflowId", "runWithE2", "questionType",
        "seeOther", "deprecationHeaders", "rateLimit", "queueJobTypes", "seedStrict", "agentsOnly",
        "rateLimits", "tokenLifetime", "tenantClaim", "rolesClaim",
    ];

    /// <summary>What to say of a name that no type and no queue can have.</summary>
    public static string Rule(string name) =>
        $"\"{name}\" is not a name: small letters, digits, dots, dashes and underscores are expected, beginning with a letter";

    public static string Canonical(string name) =>
        Array.Find(Mixed, known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name.ToLowerInvariant();
}
