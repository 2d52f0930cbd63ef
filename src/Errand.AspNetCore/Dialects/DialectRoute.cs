namespace Errand.AspNetCore;

/// <summary>One route of a dialect.</summary>
/// <param name="Methods">The methods, separated by spaces; <c>GET</c> brings <c>HEAD</c> along.</param>
/// <param name="Pattern">The path below the prefix: <c>/api/v2/job_statuses/{id}</c>.</param>
/// <param name="Answer">What answers. A <see cref="JobProblemException"/>, a <see cref="DialectProblemException"/> or a failure of the store that it throws is written as a refusal.</param>
public sealed record DialectRoute(string Methods, string Pattern, Func<DialectCall, Task> Answer)
{
    /// <summary>The vendor's scope that is needed, compared exactly; null when a known caller is enough.</summary>
    public string? Scope { get; init; }

    /// <summary>True for a route that asks for no credentials.</summary>
    public bool Open { get; init; }

    /// <summary>The largest body in bytes. Default: <see cref="ErrandApiOptions.BodyBytesMax"/>.</summary>
    public long? BodyBytesMax { get; init; }

    internal string[] MethodList { get; } = Methods == "GET" ? ["GET", "HEAD"] : Methods.Split(' ');
}
