using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Errand.EndToEnd.Tests;

/// <summary>The service that http jobs call: answers after a few milliseconds and counts what it is asked, per job and item.</summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Target(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, int> Runs { get; } = new(StringComparer.Ordinal);

    public string Url => _app.Urls.First();

    public static async Task<Target> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var target = new Target(builder.Build());
        target._app.MapPost("/run", async (HttpRequest request) =>
        {
            target.Count(request.Headers["Errand-Job-Id"].ToString());
            await Wait.For(TimeSpan.FromMilliseconds(2));
            return Results.Json(new { ok = true });
        });
        target._app.MapPost("/item/{n}", async (string n, HttpRequest request) =>
        {
            target.Count($"{request.Headers["Errand-Job-Id"]}/{n}");
            await Wait.For(TimeSpan.FromMilliseconds(1));
            return n == "13" ? Results.Json(new { why = "unlucky" }, statusCode: 422) : Results.Json(new { n });
        });
        await target._app.StartAsync();
        return target;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Count(string what) => Runs.AddOrUpdate(what, 1, (_, n) => n + 1);
}
