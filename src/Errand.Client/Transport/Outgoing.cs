using System.Net;

namespace Errand.Client.Transport;

/// <summary>A request that can be made into a message more than once.</summary>
internal sealed record Outgoing(HttpMethod Method, string Path)
{
    private readonly List<(string Name, string Value)> _headers = [];

    /// <summary>The body; must be readable again where the request is repeatable.</summary>
    public HttpContent? Body { get; init; }

    /// <summary>Sending it twice does no more than sending it once.</summary>
    public bool Repeatable { get; init; } = Method != HttpMethod.Post;

    /// <summary>It may take as long as it takes: a stream, a file.</summary>
    public bool Timeless { get; init; }

    /// <summary>How long it may take, where that is not what the options say: a wait.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>How often it is sent again, where that is not what the options say.</summary>
    public int? Tries { get; init; }

    /// <summary>Statuses beside 2xx that are an answer and not a refusal.</summary>
    public IReadOnlyList<HttpStatusCode> Also { get; init; } = [];

    public Outgoing With(string name, string? value)
    {
        if (value is not null) _headers.Add((name, value));
        return this;
    }

    public bool Takes(HttpStatusCode status) => (int)status is >= 200 and < 300 || Also.Contains(status);

    public HttpRequestMessage Message(string prefix)
    {
        var message = new HttpRequestMessage(Method, new Uri(prefix + Path, UriKind.RelativeOrAbsolute)) { Content = Body };
        foreach (var (name, value) in _headers) message.Headers.Add(name, value);
        return message;
    }
}
