using System.Globalization;
using Errand.Dialects.Workiva;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Dialects.Tests.Workiva;

/// <summary>A server that speaks Workiva's wires at the root.</summary>
internal static class WorkivaServer
{
    public const string Cells = "PUT /spreadsheets/v1/async/spreadsheets/{spreadsheetId}/sheets/{sheetId}/data/{region}";

    public static Task<DialectServer> StartAsync(Action<WorkivaOptions>? configure = null, DateTimeOffset? start = null) => DialectServer.StartAsync(new DialectServer
    {
        Time = new FakeTimeProvider(start ?? DialectServer.Start),
        Configure = errand =>
        {
            errand.AddWorkiva(options =>
            {
                options.Starters[Cells] = "cells.write";
                options.Starters["POST /files/{fileId}/copy"] = "files.copy";
                configure?.Invoke(options);
            });
            errand.Services.AddSingleton<IHandlerCatalog>(new Accepts("cells.write", "files.copy", "demo"));
        },
        Map = app =>
        {
            // What a host around may do: 500 throws, any other number refuses.
            app.Use((http, next) => http.Request.Headers["X-Trouble"].ToString() switch
            {
                "" => next(http),
                "500" => throw new InvalidOperationException("outside"),
                var status => Task.FromResult(http.Response.StatusCode = int.Parse(status, CultureInfo.InvariantCulture)),
            });
            app.MapErrandWorkiva();
        },
    });

    public static async Task<HttpClient> ReaderAsync(this DialectServer server, string subject = "ada", params IReadOnlyList<string> more) =>
        server.Bearer(await server.TokenAsync(subject, scopes: ["data_tables|r", "data_tables|w", "file:read", "file:write", .. more]));

    public static async Task<(int Status, string Body, HttpResponseMessage Response)> SayAsync(
        this HttpClient client, string method, string path, string? body = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }
}
