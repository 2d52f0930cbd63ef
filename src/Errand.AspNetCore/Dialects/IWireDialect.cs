using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// A wire format for the same jobs: a table of routes and the shape of its refusals. Its routes speak to <see cref="IJobClient"/> and the facets beside it, and to nothing else; who calls, what
/// is too large, and which errors happen outside its own code is settled around it, once for all dialects.
/// </summary>
public interface IWireDialect
{
    /// <summary>Its name: <c>zendesk</c>.</summary>
    string Name { get; }

    /// <summary>Every route it has. Doubled slashes, a slash at the end and upper case lead to the same routes; the method <c>GET</c> brings <c>HEAD</c> along.</summary>
    IReadOnlyList<DialectRoute> Routes { get; }

    /// <summary>
    /// Paths below the prefix, such as <c>/api/v2</c>, under which every request is this dialect's: what no route takes there is refused in its words. Default: the whole prefix, or, when it is
    /// mapped at the root, nothing.
    /// </summary>
    IReadOnlyList<string> Reserved => [];

    /// <summary>
    /// Writes a refusal in its own words: status, headers and body. Called for every error under its paths – of a route, of the checks before it, of the host around it – and never after the
    /// answer has begun. Without a body for <c>HEAD</c>, or leave that to <see cref="DialectAnswers"/>.
    /// </summary>
    Task WriteProblemAsync(HttpContext http, DialectProblem problem);

    /// <summary>Sets the headers that every answer carries, refusals included. Called before anything is checked. Default: none.</summary>
    void Begin(HttpContext http)
    {
    }

    /// <summary>
    /// Sets the vendor's own headers for a limit that the request was counted under: <c>X-Rate-Limit</c> and the like, for answers and refusals alike. Called just before the answer begins, only
    /// where a limit is set for a wire of this name. A request too many comes to <see cref="WriteProblemAsync"/> as 429 with <see cref="DialectProblem.RetryAfter"/> by itself. Default: none.
    /// </summary>
    void WriteRate(HttpContext http, RateStanding standing)
    {
    }
}
