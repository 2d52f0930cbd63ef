namespace Errand.Client.Locations;

/// <summary>What a 202 said about where to look.</summary>
/// <param name="Poll">The address to poll.</param>
/// <param name="IsMonitor">
/// True when it answers 200 with a status while the work goes on (<c>Operation-Location</c>); false when it answers 202 until the outcome
/// is there (<c>Location</c>).
/// </param>
/// <param name="Result">Where the outcome will be, once a monitor says that it is there; null when the monitor itself holds it.</param>
/// <param name="FirstPause">When the answer suggested to look.</param>
/// <param name="OperationId">What the server calls the work.</param>
internal sealed record JobLocation(Uri Poll, bool IsMonitor, Uri? Result = null, TimeSpan? FirstPause = null, string? OperationId = null)
{
    private static readonly string[] Monitors = ["Operation-Location", "Azure-AsyncOperation"];

    /// <summary>An address that was kept, and nothing else: what it is shows in its answers.</summary>
    public static JobLocation Of(Uri address) => new(address, IsMonitor: false);

    public static JobLocation Of(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.RequestMessage?.RequestUri;
        var monitor = Monitors.Select(name => Address(response, name, asked)).FirstOrDefault(address => address is not null);
        var location = Address(response, "Location", asked);
        var poll = monitor ?? location ?? throw new ArgumentException(
            $"The answer {(int)response.StatusCode} of {asked} names no place to look: it has none of Operation-Location, Azure-AsyncOperation and Location.",
            nameof(response));

        // A PUT or PATCH makes what it was sent to; a POST puts its outcome where Location says (Azure's guidelines for long-running work).
        var inPlace = response.RequestMessage?.Method.Method is "PUT" or "PATCH" ? asked : null;
        var pause = Transport.JobTransport.RetryAfter(response.Headers.RetryAfter, time);
        return new JobLocation(poll, monitor is not null, monitor is null ? null : location ?? inPlace, pause, One(response, "Operation-Id"));
    }

    /// <summary>The id, when the address is that of a job of this server's own API. A server behind a proxy may call itself by another name.</summary>
    public string? NativeId(Uri server, string prefix)
    {
        var jobs = new Uri(server, prefix + "jobs/").AbsolutePath;
        var own = SameOrigin(Poll, server) || OperationId is not null;
        if (!own || !Poll.AbsolutePath.StartsWith(jobs, StringComparison.Ordinal)) return null;
        var rest = Poll.AbsolutePath[jobs.Length..];
        var id = rest.EndsWith("/result", StringComparison.Ordinal) ? rest[..^"/result".Length] : rest;
        if (id.Length == 0 || id.Contains('/', StringComparison.Ordinal)) return null;
        return SameOrigin(Poll, server) || id == OperationId ? id : null;
    }

    public static bool SameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static Uri? Address(HttpResponseMessage response, string name, Uri? asked)
    {
        if (One(response, name) is not { } text) return null;
        if (asked is not null) return Uri.TryCreate(asked, text, out var relative) ? relative : null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null;
    }

    private static string? One(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
