using Errand.Client.Handles;

namespace Errand.Client;

/// <summary>
/// The client of an Errand server. In a host, register it with <c>services.AddErrandClient(…)</c>; elsewhere make one and keep it.
/// </summary>
public sealed class ErrandClient : IErrandClient, IDisposable
{
    /// <summary>Opens a client of its own for a server.</summary>
    /// <param name="server">The server: <c>https://jobs.example.com</c>.</param>
    /// <param name="token">The access token, if there is one.</param>
    /// <param name="options">How it deals with a server that is busy or away.</param>
    public ErrandClient(Uri server, string? token = null, HttpJobClientOptions? options = null)
        : this(new HttpJobClient(server, token, options))
    {
    }

    /// <summary>Uses an API client that the caller made; it is disposed with this one.</summary>
    /// <param name="api">The API client.</param>
    public ErrandClient(HttpJobClient api)
    {
        Api = api;
        Jobs = new ErrandJobs(api);
    }

    /// <inheritdoc/>
    public IErrandJobs Jobs { get; }

    /// <inheritdoc/>
    public HttpJobClient Api { get; }

    /// <inheritdoc/>
    public void Dispose() => Api.Dispose();
}
