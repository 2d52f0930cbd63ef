using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary><c>GET /problems/{name}</c>: the page that the type of a problem points at, from the documentation in this assembly.</summary>
internal static class ProblemPages
{
    private const string Folder = "Errand.AspNetCore.Problems.";

    public static readonly ApiRoute Route = new("getProblemPage", "GET", "problems/{name}", Scope: null, AnswerAsync)
    {
        Tag = "Problems",
        Summary = "Explains a problem.",
        Produces = [],
        Replies = [new(200, "The page.", typeof(string)) { MediaType = "text/markdown" }, new(404, "There is no such problem.")],
    };

    /// <summary>The page of a problem; null when there is none.</summary>
    public static Stream? Open(string name) => typeof(ProblemPages).Assembly.GetManifestResourceStream($"{Folder}{name}.md");

    private static async Task AnswerAsync(ApiCall call)
    {
        await using var page = Open(call.RouteValue("name")) ?? throw new ApiProblemException(ApiProblem.NotFound);
        call.Response.ContentType = "text/markdown; charset=utf-8";
        call.Response.ContentLength = page.Length;
        call.Response.Headers.CacheControl = "public, max-age=3600";
        if (!HttpMethods.IsHead(call.Request.Method)) await page.CopyToAsync(call.Response.Body, call.Aborted);
    }
}
