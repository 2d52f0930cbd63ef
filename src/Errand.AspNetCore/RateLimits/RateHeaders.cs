using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>The headers of the native API (draft-ietf-httpapi-ratelimit-headers-11): <c>RateLimit-Policy: "default";q=100;w=60</c> and <c>RateLimit: "default";r=42;t=7</c>.</summary>
internal static class RateHeaders
{
    public static void Write(HttpContext http, RateStanding standing)
    {
        var policy = standing.Policy;
        var headers = http.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{policy.Name}\";q={policy.Requests};w={Seconds(policy.Window)}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{policy.Name}\";r={standing.Remaining};t={Seconds(standing.ResetsIn)}");
    }

    /// <summary>When to come again: never before the window ends, and up to a fifth of it later, so that not everyone comes at once.</summary>
    public static TimeSpan RetryAfter(RateStanding standing) => standing.ResetsIn + Jitter.UpTo(standing.Policy.Window / 5 < TimeSpan.FromSeconds(5) ? standing.Policy.Window / 5 : TimeSpan.FromSeconds(5));

    public static string Sentence(RateStanding standing) =>
        $"The limit '{standing.Policy.Name}' is {Count(standing.Policy.Requests, "request")} in {Count(Seconds(standing.Policy.Window), "second")}. Wait as Retry-After says, and ask less often.";

    private static string Count(long number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    private static long Seconds(TimeSpan span) => (long)Math.Ceiling(span.TotalSeconds);
}
