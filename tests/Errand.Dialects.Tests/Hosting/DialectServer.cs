using System.Net.Http.Headers;
using Errand.AspNetCore;
using Errand.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Dialects.Tests;

/// <summary>
/// Dialects on a real Kestrel on a free loopback port, over the engine and the store in memory, on a clock that only a test moves. No worker runs: a test does the work itself, with
/// <see cref="Hand"/>.
/// </summary>
public sealed class DialectServer : IAsyncDisposable
{
    /// <summary>When the clock of a server begins, unless the test says otherwise.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 15, 4, 120, TimeSpan.Zero);

    private WebApplication? app;

    public FakeTimeProvider Time { get; init; } = new(Start);

    /// <summary>Adds the dialects, readers of credentials and types.</summary>
    public required Action<IErrandBuilder> Configure { get; init; }

    /// <summary>Maps the dialects.</summary>
    public required Action<WebApplication> Map { get; init; }

    public Action<ErrandApiOptions>? Options { get; init; }

    public IServiceProvider Services => app!.Services;

    public Uri Address { get; private set; } = null!;

    /// <summary>Works on jobs.</summary>
    public Hand Hand { get; private set; } = null!;

    /// <summary>Keeps every exchange of the clients that <see cref="Client"/> makes.</summary>
    public Transcript Transcript { get; } = new();

    public static async Task<DialectServer> StartAsync(DialectServer server)
    {
        await server.StartAsync();
        return server;
    }

    /// <summary>Makes an access token and gives its text.</summary>
    public async Task<string> TokenAsync(string subject, string tenant = "acme", IReadOnlyList<string>? scopes = null, params IReadOnlyList<string> roles) =>
        (await Services.GetRequiredService<AccessTokens>().CreateAsync(new NewToken(subject) { Tenant = tenant, Scopes = scopes ?? [], Roles = roles })).Text;

    /// <summary>A client that sends these credentials, follows no redirects and is written down.</summary>
    public HttpClient Client(AuthenticationHeaderValue? credentials = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        var client = new HttpClient(Transcript.Around(handler)) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = credentials;
        return client;
    }

    /// <summary>A client with a bearer token.</summary>
    public HttpClient Bearer(string token) => Client(new AuthenticationHeaderValue("Bearer", token));

    /// <summary>Submits a job past every wire.</summary>
    public async Task<Job> SubmitAsync(JobSubmission submission, string owner = "ada", string tenant = "acme") =>
        (await Services.GetRequiredService<IJobClients>().For(new JobCaller(tenant, owner)).SubmitAsync(submission)).Job;

    /// <summary>The front door as somebody.</summary>
    public IJobClient JobsOf(string owner, string tenant = "acme") => Services.GetRequiredService<IJobClients>().For(new JobCaller(tenant, owner) { SeesAll = true });

    public async ValueTask DisposeAsync()
    {
        if (app is null) return;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(Time);
        Configure(builder.Services.AddErrand().UseMemory().AddErrandApi(Options));
        app = builder.Build();
        Map(app);
        await app.StartAsync();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Hand = new Hand(app.Services.GetRequiredService<IJobSource>());
    }
}
