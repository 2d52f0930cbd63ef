using System.Security.Cryptography;

namespace Errand.Client;

/// <summary>How a client deals with a server that is busy or away.</summary>
public sealed record HttpJobClientOptions
{
    /// <summary>The prefix of the API below the client's base address. Default: <c>v1/</c>.</summary>
    public string Prefix { get; init; } = "v1/";

    /// <summary>How often a request is sent again after a broken connection, a 429 or a 503. Default: 3.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The longest wait between two tries; a longer <c>Retry-After</c> ends the tries. Default: 10 seconds.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one request may take that is not a wait, a stream, an upload or a download. Default: 100 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How long a wait or a watch goes on trying to reach a server that went away. Default: 2 minutes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A number from 0 to below 1, from any thread; spreads the polls of clients that began together.</summary>
    internal Func<double> Chance { get; init; } = RandomOnce;

    private static double RandomOnce() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
