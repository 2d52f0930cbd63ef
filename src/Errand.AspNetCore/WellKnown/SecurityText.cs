using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary><c>/.well-known/security.txt</c> (RFC 9116): whom to tell of a weakness.</summary>
internal sealed class SecurityText(ErrandApi api)
{
    // Within a year, as the RFC asks; computed, so that a running server never serves one that is over.
    private static readonly TimeSpan Term = TimeSpan.FromDays(180);

    public Task AnswerAsync(HttpContext http)
    {
        if (api.Options.SecurityContact is not { } contact)
        {
            http.Response.StatusCode = 404;
            return Task.CompletedTask;
        }

        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return http.Response.WriteAsync($"Contact: {contact}\nExpires: {WireTime.Format(api.Time.GetUtcNow() + Term)}\nPreferred-Languages: en\n", http.RequestAborted);
    }
}
