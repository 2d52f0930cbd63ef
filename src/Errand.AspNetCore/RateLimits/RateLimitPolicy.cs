namespace Errand.AspNetCore;

/// <summary>A limit on how many requests one caller may send to a wire within a window. Each node counts for itself; nothing is kept over a restart.</summary>
/// <param name="Name">Its name, shown in headers and problems: small letters, digits, dots, dashes and underscores.</param>
/// <param name="Requests">How many requests in a window, over zero.</param>
/// <param name="Window">How long a window is, a second at least. It begins with a caller's first request.</param>
public sealed record RateLimitPolicy(string Name, int Requests, TimeSpan Window)
{
    /// <summary>The wire of the native API.</summary>
    public const string NativeWire = "native";

    /// <summary>Which wire it is for: <see cref="NativeWire"/>, or the name of a dialect. Default: the native API.</summary>
    public string Wire { get; init; } = NativeWire;

    /// <summary>Which requests count: all, those that read (GET, HEAD) or those that write. Default: all.</summary>
    public RateLimitScope Applies { get; init; } = RateLimitScope.All;

    /// <summary>The callers that it is for, by subject; empty for every caller. A policy that names a caller replaces, for that caller, those that name none.</summary>
    public IReadOnlyList<string> Subjects { get; init; } = [];

    /// <summary>False: requests are counted and what is left is told, but none is refused. Default: true.</summary>
    public bool IsEnforced { get; init; } = true;

    internal string? Fault()
    {
        if (Name.Length == 0 || !Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_'))
            return $"A rate limit's name has small letters, digits, dots, dashes and underscores, not '{Name}'.";
        if (Requests < 1) return $"The rate limit {Name} allows {Requests} requests; at least 1 is expected.";
        return Window < TimeSpan.FromSeconds(1) || Window > TimeSpan.FromDays(1) ? $"The window of the rate limit {Name} must be from a second to a day, not {Window}." : null;
    }

    internal bool CountsMethod(string method) => Applies switch
    {
        RateLimitScope.Reads => IsRead(method),
        RateLimitScope.Writes => !IsRead(method),
        _ => true,
    };

    private static bool IsRead(string method) => method is "GET" or "HEAD";
}

/// <summary>Which requests a limit counts.</summary>
public enum RateLimitScope
{
    /// <summary>Every request.</summary>
    All,

    /// <summary>GET and HEAD.</summary>
    Reads,

    /// <summary>Every other method.</summary>
    Writes,
}
