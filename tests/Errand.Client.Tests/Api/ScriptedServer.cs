using System.Net;
using System.Text;

namespace Errand.Client.Tests;

/// <summary>A server that answers with what it was told, one answer a request, and remembers what it was asked.</summary>
internal sealed class ScriptedServer : HttpMessageHandler
{
    private readonly Queue<Func<HttpRequestMessage, HttpResponseMessage>> _answers = new();

    private bool _hangs;

    public List<string> Asked { get; } = [];

    public ScriptedServer Answer(
        HttpStatusCode status, string body = "{}", string mediaType = "application/json", params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(request =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
            foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
            response.RequestMessage = request;
            return response;
        });
        return this;
    }

    public ScriptedServer Answer(HttpStatusCode status, Stream body, string mediaType)
    {
        _answers.Enqueue(_ => new HttpResponseMessage(status)
        {
            Content = new StreamContent(body) { Headers = { ContentType = new(mediaType) } },
        });
        return this;
    }

    public ScriptedServer Break()
    {
        _answers.Enqueue(_ => throw new HttpRequestException("connection refused"));
        return this;
    }

    /// <summary>Never answers: until the request is given up.</summary>
    public ScriptedServer Hang()
    {
        _hangs = true;
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var headers = string.Concat(
            new[] { "Idempotency-Key", "Prefer", "If-None-Match", "Last-Event-ID" }.Where(request.Headers.Contains).Select(
                name => $" {name}={string.Join(",", request.Headers.GetValues(name))}"));
        var body = request.Content is null ? "" : $" {await request.Content.ReadAsStringAsync(cancellationToken)}";
        var host = request.RequestUri!.Host == "errand.test" ? "" : request.RequestUri.GetLeftPart(UriPartial.Authority);
        Asked.Add($"{request.Method} {host}{request.RequestUri.PathAndQuery}{headers}{body}");
        if (_hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return _answers.Count > 0 ? _answers.Dequeue()(request) : throw new InvalidOperationException($"Nobody expected {Asked[^1]}");
    }
}
