using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Errand.Load.Http;

/// <summary>What Errand is measured against: Kestrel that sends the same bytes, or reads the same body, and does nothing else.</summary>
internal static class BareServer
{
    public static async Task ServeAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, 12).ToDictionary(n => $"member{n}", n => new string('v', 28)));
        app.MapGet("/json", (HttpContext context) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes).AsTask();
        });
        app.MapPost("/read", async (HttpContext context) =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            context.Response.StatusCode = 202;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(bytes);
        });
        await app.RunAsync();
    }
}
