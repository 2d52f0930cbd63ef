using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Client.Transport;
using Errand.Contracts;

namespace Errand.Client.Work;

/// <summary>The routes of worker sessions. Nothing is sent twice here: the worker knows better than a transport what may be repeated.</summary>
internal sealed class SessionWire(HttpJobClient api)
{
    private const string LeaseHeader = "Errand-Lease";

    public HttpJobClientOptions Options => api.Options;

    public async Task<TAnswer?> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, TimeSpan? limit = null, string? prefer = null,
        CancellationToken cancellationToken = default)
        where TAnswer : class
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var outgoing = new Outgoing(HttpMethod.Post, path) { Body = content, Limit = limit }.With("Prefer", prefer);
        using var response = await api.Transport.SendAsync(outgoing, cancellationToken);
        return response.StatusCode is HttpStatusCode.NoContent ? null : await JobTransport.ReadAsync(response, answerType, cancellationToken);
    }

    /// <summary>Sends something about one lease; the answer is to be disposed.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Lease lease, HttpContent? body, CancellationToken cancellationToken) =>
        api.Transport.SendAsync(new Outgoing(method, path) { Body = body, Timeless = true, Tries = 0 }.With(LeaseHeader, lease.Text), cancellationToken);

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await api.Transport.SendAsync(
            new Outgoing(HttpMethod.Delete, path) { Also = [HttpStatusCode.NotFound, HttpStatusCode.Conflict] }, cancellationToken);
    }

    public static string PathOf(RemoteSession session, string below = "") => $"worker-sessions/{Query.Step(session.Name)}{below}";

    /// <summary>The session or the lease is over, as opposed to a server that is busy or away.</summary>
    public static bool IsOver(ErrandApiException refusal) => refusal.Status is HttpStatusCode.NotFound || refusal.Name == JobProblems.LeaseLost;
}
