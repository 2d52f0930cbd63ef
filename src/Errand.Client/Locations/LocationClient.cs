using Errand.Client.Transport;

namespace Errand.Client.Locations;

/// <summary>
/// Reads addresses that a server named. The client's own connections carry its token, and an address is only what some server wrote: they
/// go to the client's own server and nowhere else.
/// </summary>
internal sealed class LocationClient(JobTransport transport, Uri? origin)
{
    public LocationClient(HttpClient http, Uri? origin)
        : this(new JobTransport(() => http, new HttpJobClientOptions { Prefix = "" }), origin)
    {
    }

    public static LocationClient Own(HttpJobClient api) => new(api.Transport.Rooted(), api.Server);

    public HttpJobClientOptions Options => transport.Options;

    public void Check(Uri address)
    {
        if (origin is null || JobLocation.SameOrigin(address, origin)) return;
        throw new ArgumentException(
            $"{address} is not on {origin}, where this client's token belongs. Name a client for it: jobs.FromLocation(response, http).",
            nameof(address));
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, string? etag, CancellationToken cancellationToken)
    {
        Check(address);
        var outgoing = new Outgoing(method, address.AbsoluteUri) { Limit = Options.Timeout, Tries = 0 }
            .With("Accept", "application/json, */*;q=0.5")
            .With("If-None-Match", etag);
        return transport.SendOnceAsync(outgoing, cancellationToken);
    }

    public TimeSpan? RetryAfter(HttpResponseMessage response) => transport.RetryAfter(response.Headers.RetryAfter);
}
