using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.AspNetCore.Tests;

public sealed class EmbeddingTests
{
    [Fact]
    public async Task Urls_keep_the_path_base_and_the_prefix_of_the_app()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer
        {
            WithWorker = false,
            Prefix = "/jobs-api/v1",
            ConfigureApp = app =>
            {
                app.UsePathBase("/shop");
                app.UseRouting();
            },
        });
        var client = host.As();
        client.BaseAddress = new Uri(host.Address, "shop/jobs-api/v1/");
        var answer = await client.PostAsync("jobs", """{"type":"test.later"}""");

        Assert.StartsWith($"{host.Address}shop/jobs-api/v1/jobs/", answer.Header("Operation-Location"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await client.FetchAsync(answer.Header("Location")!)).StatusCode);
        await client.SubmitAsync("""{"type":"test.later"}""");
        var link = (await client.FetchAsync("jobs?pageSize=1")).Header("Link")!;
        Assert.StartsWith($"<{host.Address}shop/jobs-api/v1/jobs?pageSize=1&pageToken=", link, StringComparison.Ordinal);
        Assert.NotNull((await host.As(null).FetchAsync("/shop/openapi/v1.json").JsonAsync(HttpStatusCode.OK))["paths"]!["/jobs-api/v1/jobs"]);
    }

    [Fact]
    public async Task An_endpoint_of_the_app_learns_whose_jobs_the_caller_has()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer
        {
            WithWorker = false,
            ConfigureApp = app => app.MapGet("/who", async (HttpContext http) => (await http.FindErrandPrincipalAsync())?.Caller.Subject ?? "nobody"),
        });

        Assert.Equal("ada", await host.As("ada").GetStringAsync(new Uri(host.Address, "who")));
        Assert.Equal("nobody", await host.As(null).GetStringAsync(new Uri(host.Address, "who")));
    }

    [Fact]
    public async Task A_public_base_url_wins_over_the_request()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer { WithWorker = false, Configure = o => o.PublicBaseUrl = new Uri("https://jobs.example.com/errand/") });
        var answer = await host.As().PostAsync("jobs", """{"type":"test.later"}""");

        Assert.StartsWith("https://jobs.example.com/errand/v1/jobs/", answer.Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_apps_own_users_are_callers_where_the_app_says_so_and_nobody_else()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer
        {
            WithWorker = false,
            Configure = o => o.MapPrincipal = user => user.FindFirst("sub")?.Value is { } sub ? new ErrandPrincipal("acme", sub, [ErrandScopes.Submit, ErrandScopes.Read]) : null,
            ConfigureApp = app => app.Use((http, next) =>
            {
                if (http.Request.Headers["X-User"] is [{ } user]) http.User = new ClaimsPrincipal(new ClaimsIdentity(user == "-" ? [] : [new Claim("sub", user)], "cookie"));
                return next(http);
            }),
        });
        var app = host.As(null);

        Assert.Equal("mia", (await app.PostAsync("jobs", """{"type":"test.later"}""", ("X-User", "mia")).JsonAsync(HttpStatusCode.Accepted)).Text("createdBy"));
        await app.FetchAsync("jobs", ("X-User", "-")).ProblemAsync(403, "caller_not_mapped");
        await app.FetchAsync("jobs").ProblemAsync(401, "unauthenticated");
        await app.SayAsync("PATCH", "queues/later", "{}", headers: ("X-User", "mia")).ProblemAsync(403, "insufficient_scope");
        Assert.Equal(HttpStatusCode.OK, (await host.As().FetchAsync("jobs")).StatusCode);
    }

    [Fact]
    public void Mapping_without_adding_names_the_missing_line()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapErrand());
        Assert.Contains("builder.Services.AddErrand().UseSqlite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dialect_is_mapped_by_its_name_and_an_unknown_one_is_refused()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer
        {
            WithWorker = false,
            ConfigureServices = s => s.AddErrand().AddDialect<Morse>(),
            ConfigureApp = app =>
            {
                app.MapErrandDialect("/morse", "morse");
                var error = Assert.Throws<InvalidOperationException>(() => app.MapErrandDialect("/x", "semaphore"));
                Assert.Contains("Known: morse.", error.Message, StringComparison.Ordinal);
            },
        });

        Assert.Equal("... --- ...", await (await host.As(null).FetchAsync("/morse/sos")).Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode)418, (await host.As(null).FetchAsync("/morse/nothing")).StatusCode);
    }

    private sealed class Morse : IWireDialect
    {
        public string Name => "morse";

        public IReadOnlyList<DialectRoute> Routes => [new("GET", "/sos", call => call.Http.WriteBytesAsync("... --- ..."u8.ToArray(), 200, "text/plain")) { Open = true }];

        public Task WriteProblemAsync(HttpContext http, DialectProblem problem)
        {
            http.Response.StatusCode = 418;
            return Task.CompletedTask;
        }
    }
}
