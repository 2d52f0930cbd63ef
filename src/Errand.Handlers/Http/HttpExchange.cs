using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace Errand.Handlers;

/// <summary>One request with a JSON document, and what its answer means for the job or the item that it was sent for.</summary>
internal sealed class HttpExchange(HttpClient client, HttpHandlerOptions options, TimeProvider time)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly HttpMethod[] Methods = [HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch];

    private readonly HttpMethod _method = Array.Find(Methods, method => method.Method == options.Method) ?? HttpMethod.Post;

    /// <summary>Sends it; every failure but a stop of the attempt is an outcome.</summary>
    /// <param name="call">What is sent.</param>
    /// <param name="context">The attempt.</param>
    /// <param name="limit">The longest body that is taken.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    public async Task<JobOutcome> SendAsync(HttpCall call, JobContext context, int limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Request(call, context);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            return await HttpAnswer.ReadAsync(response, call, limit, time.GetUtcNow(), stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed("http_timeout", $"{call.Where} did not answer within {options.RequestTimeout}.", retryable: true);
        }
        catch (HttpRequestException e) when (Forbidden(e) is { } forbidden)
        {
            return Failed("url_forbidden", forbidden.Message, retryable: false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Failed("http_unreachable", $"{call.Where} could not be reached, or the connection broke.", retryable: true, e.Message);
        }
    }

    private HttpRequestMessage Request(HttpCall call, JobContext context)
    {
        var request = new HttpRequestMessage(_method, call.Url) { Content = new ReadOnlyMemoryContent(call.Body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.Accept.ParseAdd("application/json, */*;q=0.5");
        request.Headers.Add("Errand-Job-Id", context.Head.Id.ToString());
        request.Headers.Add("Errand-Attempt", context.Attempt.ToString());
        if (call.Item is { } item) request.Headers.Add("Errand-Item", item.ToString());
        request.Headers.Add("Idempotency-Key", call.Item is null ? $"\"{context.Head.Id}\"" : $"\"{context.Head.Id}-{call.Item}\"");
        foreach (var (name, value) in options.Headers) request.Headers.Add(name, value);
        Trace(request, context);
        return request;
    }

    /// <summary>The attempt's own span; where nobody listens for spans, what came with the submit is passed on unchanged.</summary>
    private static void Trace(HttpRequestMessage request, JobContext context)
    {
        var (parent, state) = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? (activity.Id, activity.TraceStateString)
            : (context.Details.TraceParent, context.Details.TraceState);
        if (parent is null) return;
        request.Headers.Add("traceparent", parent);
        if (!string.IsNullOrEmpty(state)) request.Headers.Add("tracestate", state);
    }

    private static OutboundForbiddenException? Forbidden(Exception? e)
    {
        while (e is not null and not OutboundForbiddenException) e = e.InnerException;
        return (OutboundForbiddenException?)e;
    }

    private static JobOutcome.Failed Failed(string code, string message, bool retryable, string? detail = null) =>
        new(new JobError(code, message, retryable, detail));
}

/// <summary>What is sent.</summary>
/// <param name="Url">Where.</param>
/// <param name="Body">The JSON document.</param>
/// <param name="IsCallers">Whether the caller chose the URL: then what it answers is shown to operators only.</param>
/// <param name="Item">The index of the item it is for.</param>
internal sealed record HttpCall(Uri Url, ReadOnlyMemory<byte> Body, bool IsCallers, int? Item = null)
{
    /// <summary>For messages: no query, which may hold secrets.</summary>
    public string Where => Url.GetLeftPart(UriPartial.Path);
}
