using System.Globalization;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Zendesk;

/// <summary>
/// The headers about requests that every answer of the vendor carries, limited or not. Who is known is counted where all wires are counted; to everybody else nothing is counted yet.
/// </summary>
internal sealed class ZendeskRates(IEnumerable<RateLimitPolicy> policies)
{
    public const string Wire = "zendesk";

    private const int VendorDefault = 700;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly int most = policies.FirstOrDefault(policy => policy.Wire == Wire && policy.Subjects.Count == 0)?.Requests ?? VendorDefault;

    /// <summary>The limit of the options; without one, and without any other for this wire, the vendor's number is told and nobody is refused.</summary>
    public static void AddTo(ErrandApiOptions api, int? limit)
    {
        if (limit is not null || api.RateLimits.All(policy => policy.Wire != Wire))
            api.RateLimits.Add(new RateLimitPolicy(Wire, limit ?? VendorDefault, Minute) { Wire = Wire, IsEnforced = limit is not null });
    }

    public void Begin(HttpContext http) => Write(http, most, most);

    public static void Write(HttpContext http, int limit, int remaining)
    {
        http.Response.Headers["X-Rate-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-Rate-Limit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whole seconds until the minute is over: the header about jobs counts by the clock's.</summary>
    public static int UntilNextMinute(DateTimeOffset now) => 60 - now.Second;
}
