using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Client.Transport;
using Errand.Contracts;

namespace Errand.Client;

/// <summary>
/// The native API of an Errand server, typed. Refusals are <see cref="ErrandApiException"/>s, a server that cannot be reached is an
/// <see cref="ErrandUnreachableException"/>. Requests that are safe to repeat are repeated after a broken connection, a 429 and a 503, as
/// <c>Retry-After</c> says. Thread-safe.
/// </summary>
public sealed partial class HttpJobClient : IDisposable
{
    private readonly HttpClient? _owned;
    private readonly JobTransport _transport;

    /// <summary>
    /// Uses a client that the caller owns. Its base address is the server's and ends in a slash; its timeout should be infinite.
    /// </summary>
    public HttpJobClient(HttpClient http, HttpJobClientOptions options)
    {
        if (http.BaseAddress is null) throw new ArgumentException("The client must have the server as its base address.", nameof(http));
        _transport = new JobTransport(() => http, options);
    }

    /// <summary>Uses a client that a factory opens for each request.</summary>
    internal HttpJobClient(Func<HttpClient> open, HttpJobClientOptions options) => _transport = new JobTransport(open, options);

    /// <summary>Opens a client of its own for a server.</summary>
    /// <param name="server">The server: <c>http://127.0.0.1:5230</c>.</param>
    /// <param name="token">The access token, if there is one.</param>
    /// <param name="options">How it deals with a server that is busy or away.</param>
    public HttpJobClient(Uri server, string? token, HttpJobClientOptions? options = null)
    {
        var http = _owned = Prepare(new HttpClient(), server, token);
        _transport = new JobTransport(() => http, options ?? new HttpJobClientOptions());
    }

    /// <summary>The server.</summary>
    public Uri Server => _transport.Server;

    internal HttpJobClientOptions Options => _transport.Options;

    internal JobTransport Transport => _transport;

    /// <summary>
    /// Sends any request to the server, below its root, with the token: for what this client has no method for. The answer is returned
    /// whatever its status; dispose it.
    /// </summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body = null, IEnumerable<(string Name, string Value)>? headers = null,
        CancellationToken cancellationToken = default)
    {
        var outgoing = new Outgoing(method, path.TrimStart('/')) { Body = body, Timeless = true };
        foreach (var (name, value) in headers ?? []) outgoing.With(name, value);
        return _transport.Rooted().SendOnceAsync(outgoing, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _owned?.Dispose();

    /// <summary>Points a client at a server.</summary>
    internal static HttpClient Prepare(HttpClient http, Uri server, string? token)
    {
        http.BaseAddress = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
        http.Timeout = Timeout.InfiniteTimeSpan;
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        http.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("errand-dotnet", typeof(HttpJobClient).Assembly.GetName().Version?.ToString(3)));
        return http;
    }

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static ErrandJsonContext Wire => ErrandJsonContext.Default;
}
