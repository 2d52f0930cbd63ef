using System.Net;
using System.Text;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Dialects.Tests;

/// <summary>What holds around every dialect, tried with one of three routes.</summary>
public sealed class SeamTests
{
    [Fact]
    public async Task A_dialect_finds_the_callers_job_and_refuses_in_its_own_words()
    {
        await using var server = await StartAsync();
        var job = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        var ada = server.Bearer(await server.TokenAsync("ada"));
        var eve = server.Bearer(await server.TokenAsync("eve"));

        Assert.Equal("queued", await (await ada.GetAsync(new Uri($"morse/tasks/{job.Head.Id}", UriKind.Relative))).Content.ReadAsStringAsync());
        Assert.Equal("404 not-found", await SayAsync(eve, "GET", $"morse/tasks/{job.Head.Id}"));
        Assert.Equal("404 not-found", await SayAsync(ada, "GET", "morse/tasks/of-another-shape"));
        Assert.Equal("401 unauthenticated", await SayAsync(server.Client(), "GET", "morse/tasks/x"));
        Assert.Equal("403 insufficient-scope", await SayAsync(ada, "POST", "morse/tasks", "x"));
        Assert.Equal("404 route-not-found", await SayAsync(ada, "GET", "morse/nowhere"));
        Assert.Equal("405 method-not-allowed GET, HEAD", await SayAsync(ada, "DELETE", $"morse/tasks/{job.Head.Id}"));
        Assert.Equal("405 method-not-allowed GET, HEAD", await SayAsync(ada, "DELETE", $"morse//tasks//{job.Head.Id}/"));
        Assert.Equal("500 internal", await SayAsync(ada, "GET", "morse/broken"));
    }

    [Fact]
    public async Task Doubled_slashes_a_slash_at_the_end_and_upper_case_lead_to_the_route()
    {
        await using var server = await StartAsync();
        var job = await server.SubmitAsync(new JobSubmission { Type = "demo" });
        var ada = server.Bearer(await server.TokenAsync("ada"));

        foreach (var path in new[] { $"morse//tasks/{job.Head.Id}", $"morse/Tasks/{job.Head.Id}/", $"MORSE///TASKS//{job.Head.Id}//" })
        {
            Assert.Equal("queued", await (await ada.GetAsync(new Uri(server.Address, path))).Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_body_over_the_limit_of_the_route_is_refused()
    {
        await using var server = await StartAsync();
        var writer = server.Bearer(await server.TokenAsync("ada", scopes: ["tasks|w"]));

        Assert.Equal("413 payload-too-large", await SayAsync(writer, "POST", "morse/tasks", new string('x', 101)));
        using var unknownLength = new HttpRequestMessage(HttpMethod.Post, "morse/tasks") { Content = new StreamContent(new MemoryStream(new byte[101])) };
        unknownLength.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await writer.SendAsync(unknownLength)).StatusCode);
        Assert.Equal("100", await (await writer.PostAsync(new Uri("morse/tasks", UriKind.Relative), new ByteArrayContent(new byte[100]))).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_the_host_around_refuses_or_breaks_is_told_in_the_dialects_words_and_only_there()
    {
        await using var server = await StartAsync(app => app.Use((http, next) => http.Request.Headers["X-Trouble"].ToString() switch
        {
            "throw" => throw new InvalidOperationException("outside"),
            "refuse" => Task.FromResult(http.Response.StatusCode = 403),
            _ => next(http),
        }));
        var client = server.Client();
        client.DefaultRequestHeaders.Add("X-Trouble", "refuse");

        Assert.Equal("403 insufficient-scope", await SayAsync(client, "GET", "morse/tasks/x"));
        Assert.Equal("", await (await client.GetAsync(new Uri("elsewhere", UriKind.Relative))).Content.ReadAsStringAsync());
        client.DefaultRequestHeaders.Remove("X-Trouble");
        client.DefaultRequestHeaders.Add("X-Trouble", "throw");
        Assert.Equal("500 internal", await SayAsync(client, "GET", "morse/tasks/x"));
    }

    private static Task<DialectServer> StartAsync(Action<WebApplication>? before = null) => DialectServer.StartAsync(new DialectServer
    {
        Configure = errand =>
        {
            errand.AddDialect<Morse>();
            errand.Services.AddSingleton<IHandlerCatalog>(new Accepts("demo"));
        },
        Map = app =>
        {
            before?.Invoke(app);
            app.MapErrandDialect("/morse", "morse");
        },
    });

    private static async Task<string> SayAsync(HttpClient client, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body) };
        var response = await client.SendAsync(request);
        Assert.Equal("7", response.Headers.GetValues("X-Morse").Single());
        var text = await response.Content.ReadAsStringAsync();
        return $"{(int)response.StatusCode} {text}{(response.Content.Headers.Allow.Count > 0 ? " " + string.Join(", ", response.Content.Headers.Allow) : "")}";
    }

    private sealed class Morse : IWireDialect
    {
        public string Name => "morse";

        public IReadOnlyList<DialectRoute> Routes =>
        [
            new("GET", "/tasks/{id}", ShowAsync),
            new("POST", "/tasks", TakeAsync) { Scope = "tasks|w", BodyBytesMax = 100 },
            new("GET", "/broken", _ => throw new InvalidOperationException("inside")),
        ];

        public void Begin(HttpContext http) => http.Response.Headers["X-Morse"] = "7";

        public Task WriteProblemAsync(HttpContext http, DialectProblem problem)
        {
            if (problem.Allow.Count > 0) http.Response.Headers.Allow = string.Join(", ", problem.Allow);
            return http.WriteBytesAsync(Encoding.UTF8.GetBytes(problem.Name), problem.Status, "text/plain");
        }

        private static async Task ShowAsync(DialectCall call)
        {
            var job = DialectCall.Found(await call.Jobs.FindAsync(call.JobIdOf()));
            await call.Http.WriteBytesAsync(Encoding.UTF8.GetBytes(job.Head.StatusAt(call.Now).Word()), 200, "text/plain");
        }

        private static async Task TakeAsync(DialectCall call) =>
            await call.Http.WriteBytesAsync(Encoding.UTF8.GetBytes($"{(await call.ReadBodyAsync()).Length}"), 200, "text/plain");
    }
}
