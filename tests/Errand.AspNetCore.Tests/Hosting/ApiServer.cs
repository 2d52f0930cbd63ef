using System.Net;
using Errand.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.AspNetCore.Tests;

/// <summary>The API on a real Kestrel on a free loopback port, over the engine and the store in memory.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    private readonly Dictionary<string, string> tokens = new(StringComparer.Ordinal);
    private WebApplication? app;

    /// <summary>Who calls in the tests: tenant, subject, scopes.</summary>
    public static readonly IReadOnlyDictionary<string, NewToken> People = new Dictionary<string, NewToken>(StringComparer.Ordinal)
    {
        ["ada"] = new("ada") { Tenant = "acme", Scopes = ["jobs.submit", "jobs.read", "jobs.read.input", "jobs.cancel", "jobs.work"] },
        ["bob"] = new("bob") { Tenant = "acme", Scopes = ["jobs.submit", "jobs.read", "jobs.read.input", "jobs.cancel", "jobs.work"] },
        ["boss"] = new("boss") { Tenant = "acme", Scopes = ["jobs.admin"] },
        ["eve"] = new("eve") { Tenant = "umbrella", Scopes = ["jobs.admin"] },
        ["none"] = new("none") { Tenant = "acme", Scopes = ["jobs.read.all"] },
        ["plain"] = new("plain") { Tenant = "acme" },
    };

    public Action<ErrandApiOptions>? Configure { get; init; }

    public Action<IServiceCollection>? ConfigureServices { get; init; }

    public Action<WebApplication>? ConfigureApp { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool WithWorker { get; init; } = true;

    public string Prefix { get; init; } = "/v1";

    public TestHandlers Handlers { get; } = new();

    public WebApplication App => app!;

    public Uri Address { get; private set; } = null!;

    public AccessTokens Tokens => App.Services.GetRequiredService<AccessTokens>();

    public IJobStorage Storage => App.Services.GetRequiredService<IJobStorage>();

    /// <summary>The text of a person's token.</summary>
    public string TokenOf(string person) => tokens[person];

    /// <summary>A client that speaks as a person; as nobody without a name.</summary>
    public HttpClient As(string? person = "ada")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30), BaseAddress = new Uri(Address, $"{Prefix}/".TrimStart('/')) };
        if (person is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", tokens[person]);
        client.DefaultRequestVersion = HttpVersion.Version11;
        return client;
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Time);
        var errand = builder.Services.AddErrand().UseMemory().AddErrandApi(Configure);
        builder.Services.AddSingleton<IHandlerCatalog, AcceptedTypes>();
        if (WithWorker)
        {
            Add(errand, "test.echo", TestHandlers.EchoAsync);
            Add(errand, "test.fail", TestHandlers.FailAsync);
            Add(errand, "test.big", TestHandlers.BigAsync);
            Add(errand, "test.batch", TestHandlers.BatchAsync);
            Add(errand, "test.hold", Handlers.HoldAsync);
            errand.AddWorker();
        }

        ConfigureServices?.Invoke(builder.Services);
        app = builder.Build();
        ConfigureApp?.Invoke(app);
        app.MapErrand(Prefix);
        app.MapErrandHealth();
        app.MapErrandDocuments();
        await app.StartAsync();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        foreach (var (name, person) in People) tokens[name] = (await Tokens.CreateAsync(person)).Text;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is null) return;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public static async Task<ApiServer> StartAsync(ApiServer server)
    {
        await server.InitializeAsync();
        return server;
    }

    private static void Add(IErrandBuilder errand, string name, Func<JobContext, CancellationToken, ValueTask<JobOutcome>> run) =>
        errand.AddHandler(new JobType { Name = name, MaxAttempts = 1 }, _ => new Delegated(run));
}
