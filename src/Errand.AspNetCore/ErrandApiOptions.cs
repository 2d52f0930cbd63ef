using System.Security.Claims;

namespace Errand.AspNetCore;

/// <summary>How the native HTTP API behaves.</summary>
public sealed class ErrandApiOptions
{
    /// <summary>
    /// Scheme, host and path base of the URLs in answers, such as <c>https://jobs.example.com/errand</c>. Default: those of the request, which behind a
    /// proxy are right only with <c>UseForwardedHeaders</c>.
    /// </summary>
    public Uri? PublicBaseUrl { get; set; }

    /// <summary>
    /// Turns the user that the app has signed in into a caller. Null refuses them; not set, only Errand's own access tokens are taken.
    /// </summary>
    public Func<ClaimsPrincipal, ErrandPrincipal?>? MapPrincipal { get; set; }

    /// <summary>
    /// Who a request is that brings no credentials at all, on routes that the app lets everyone reach. Default: null, nobody, and the
    /// request is refused. For a first try or a closed network: <see cref="ErrandPrincipal.Everyone"/>.
    /// </summary>
    public ErrandPrincipal? Anonymous { get; set; }

    /// <summary>The longest that <c>Prefer: wait</c> holds an answer. Default: 30 seconds.</summary>
    public TimeSpan WaitMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest body of a request, uploads and outputs apart. Default: 1 MiB.</summary>
    public long BodyBytesMax { get; set; } = 1024 * 1024;

    /// <summary>The largest upload, and the largest output of a remote worker. Default: 1 GiB.</summary>
    public long UploadBytesMax { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How many event streams one caller may hold open on a node. Default: 100.</summary>
    public int StreamsPerCallerMax { get; set; } = 100;

    /// <summary>How many requests of one caller may wait on a node. Default: 500.</summary>
    public int WaitsPerCallerMax { get; set; } = 500;

    /// <summary>How often an idle event stream says that it lives. Default: 15 seconds.</summary>
    public TimeSpan EventHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether a PATCH without <c>If-Match</c> is refused with 428. Default: false.</summary>
    public bool RequireIfMatch { get; set; }

    /// <summary>Where the pages about problems lie, ending in a slash. Default: this server's own <c>{prefix}/problems/</c>.</summary>
    public Uri? ProblemPages { get; set; }

    /// <summary>Whom to tell of a weakness: <c>mailto:security@example.com</c>. Without it there is no <c>/.well-known/security.txt</c>.</summary>
    public string? SecurityContact { get; set; }

    /// <summary>Limits on requests, by caller and wire. Default: none.</summary>
    public IList<RateLimitPolicy> RateLimits { get; } = [];

    internal IEnumerable<string> Mistakes()
    {
        foreach (var policy in RateLimits)
        {
            if (policy.Fault() is { } fault) yield return $"ErrandApiOptions.RateLimits: {fault}";
        }

        if (PublicBaseUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
            yield return $"ErrandApiOptions.PublicBaseUrl must be an absolute http or https URL, not '{url}'.";
        if (WaitMax < TimeSpan.Zero || WaitMax > TimeSpan.FromMinutes(10))
            yield return $"ErrandApiOptions.WaitMax must be 0 to 10 minutes, not {WaitMax}.";
        if (EventHeartbeat < TimeSpan.FromSeconds(1))
            yield return $"ErrandApiOptions.EventHeartbeat must be at least a second, not {EventHeartbeat}.";
        if (SecurityContact is { } contact && !Uri.TryCreate(contact, UriKind.Absolute, out _))
            yield return $"ErrandApiOptions.SecurityContact must be a URI such as mailto:security@example.com, not '{contact}'.";
    }
}
