using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Contracts;

namespace Errand.Client.Transport;

/// <summary>Sends requests, again when that is safe, and turns refusals into exceptions.</summary>
internal sealed class JobTransport(Func<HttpClient> open, HttpJobClientOptions options)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    public HttpJobClientOptions Options => options;

    /// <summary>The server. A client is opened for each request: a factory may have renewed it.</summary>
    public Uri Server => open().BaseAddress!;

    /// <summary>The same without the prefix of the API: for addresses of the server that are not below it.</summary>
    public JobTransport Rooted() => new(open, options with { Prefix = "" });

    /// <summary>Sends and reads the answer as one document.</summary>
    public async Task<T> ReadAsync<T>(
        HttpMethod method, string path, JsonTypeInfo<T> type, HttpContent? body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new Outgoing(method, path) { Body = body }, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    /// <summary>Reads an answer as one document.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await response.Content.ReadFromJsonAsync(type, cancellationToken)
        ?? throw new InvalidDataException($"{response.RequestMessage?.RequestUri} answered with nothing. Is it an Errand server?");

    /// <summary>
    /// Sends; what the server refuses is an <see cref="ErrandApiException"/>. A request that may have been carried out is sent again only
    /// if that cannot do it twice.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var last = attempt >= (outgoing.Tries ?? options.Retries) || !outgoing.Repeatable;
            var (response, delay) = await TryAsync(outgoing, attempt, last, cancellationToken);
            if (response is not null) return response;
            await Task.Delay(delay, options.Time, cancellationToken);
        }
    }

    /// <summary>Sends once and returns whatever comes.</summary>
    public async Task<HttpResponseMessage> SendOnceAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        var http = open();
        var most = outgoing.Limit ?? options.Timeout;
        try
        {
            using var limit = outgoing.Timeless ? null : new CancellationTokenSource(most, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit?.Token ?? CancellationToken.None);
            return await http.SendAsync(outgoing.Message(options.Prefix), HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (HttpRequestException e)
        {
            throw new ErrandUnreachableException(http.BaseAddress, e.InnerException ?? e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ErrandUnreachableException(
                http.BaseAddress, new TimeoutException($"no answer within {most.TotalSeconds:0} seconds", e));
        }
    }

    private async Task<(HttpResponseMessage? Response, TimeSpan Delay)> TryAsync(
        Outgoing outgoing, int attempt, bool last, CancellationToken cancellationToken)
    {
        var backoff = FirstDelay * (1 << Math.Min(attempt, 6));
        HttpResponseMessage response;
        try
        {
            response = await SendOnceAsync(outgoing, cancellationToken);
        }
        catch (ErrandUnreachableException) when (!last)
        {
            return (null, backoff);
        }

        if (outgoing.Takes(response.StatusCode)) return (response, default);
        using (response)
        {
            var wait = RetryAfter(response.Headers.RetryAfter);
            var busy = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
            if (busy && !last && (wait ?? backoff) <= options.LongestDelay) return (null, wait ?? backoff);
            throw ErrandApiException.Of(response.StatusCode, await ProblemAsync(response, cancellationToken), wait);
        }
    }

    /// <summary>The time that a <c>Retry-After</c> names.</summary>
    public TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => RetryAfter(header, options.Time);

    /// <summary>The time that a <c>Retry-After</c> names, in seconds or as a date.</summary>
    public static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, TimeProvider time) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero,
        _ => null,
    };

    // A proxy in between answers with pages of its own; the status is all there is to say then.
    private static async Task<ProblemResource> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var title = $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.";
        var unknown = new ProblemResource { Status = (int)response.StatusCode, Title = title };
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json")) return unknown;
        try
        {
            return await response.Content.ReadFromJsonAsync(ErrandJsonContext.Default.ProblemResource, cancellationToken) ?? unknown;
        }
        catch (System.Text.Json.JsonException)
        {
            return unknown;
        }
    }
}
