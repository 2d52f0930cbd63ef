namespace Errand.Client;

/// <summary>Where the server is and how the client deals with it.</summary>
public sealed class ErrandClientOptions
{
    /// <summary>The server: <c>https://jobs.example.com</c>. Required.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// The access token, sent as <c>Authorization: Bearer</c>. Default: none. A token that is renewed is the business of a message handler:
    /// <c>AddErrandClient(…).AddHttpMessageHandler&lt;T&gt;()</c>.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>The prefix of the API below the server's address. Default: <c>v1/</c>.</summary>
    public string Prefix { get; set; } = "v1/";

    /// <summary>
    /// How often a request that is safe to repeat is sent again after a broken connection, a 429 or a 503. Default: 3; 0 where a resilience
    /// handler does it.
    /// </summary>
    public int Retries { get; set; } = 3;

    /// <summary>The longest wait between two tries; a longer <c>Retry-After</c> ends the tries. Default: 10 seconds.</summary>
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one request may take that is not a wait, a stream, an upload or a download. Default: 100 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>How long a wait or a watch goes on trying to reach a server that went away. Default: 2 minutes.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);
}
