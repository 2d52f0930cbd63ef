using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Errand.AspNetCore;
using Errand.Dialects.Alteryx;
using Errand.Dialects.Workiva;
using Errand.Storage;
using Errand.Storage.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Errand.OAuth.Tests;

/// <summary>One node on a real Kestrel on a free loopback port: the native API, every dialect and OAuth, over a store that can be shared with another node.</summary>
public sealed class OAuthNode : IAsyncDisposable
{
    private WebApplication? app;

    public MemoryStorage Storage { get; init; } = new();

    public FakeTimeProvider Time { get; init; } = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));

    public Action<ErrandOAuthOptions>? OAuth { get; init; }

    public Action<ErrandApiOptions>? Api { get; init; }

    public Action<ErrandIdentityOptions> Identity { get; init; } = _ => { };

    public Uri Address { get; private set; } = null!;

    public OAuthClients Clients => app!.Services.GetRequiredService<OAuthClients>();

    /// <summary>Sends no credentials, unless a request has its own.</summary>
    public HttpClient Http { get; private set; } = null!;

    public static async Task<OAuthNode> StartAsync(OAuthNode node)
    {
        await node.StartAsync();
        return node;
    }

    /// <summary>A second node on the same store and clock.</summary>
    public Task<OAuthNode> TwinAsync() => StartAsync(new OAuthNode { Storage = Storage, Time = Time, OAuth = OAuth, Api = Api, Identity = Identity });

    /// <summary>Asks for a token and gives its text.</summary>
    public async Task<string> TokenAsync(string id, string secret, string? scope = null, string path = "/oauth2/token")
    {
        var (status, body) = await AskAsync(path, Form(id, secret, scope));
        Assert.Equal(200, status);
        return (string)body["access_token"]!;
    }

    /// <summary>Asks for a token.</summary>
    public async Task<(int Status, JsonObject Body)> AskAsync(string path, HttpContent content, AuthenticationHeaderValue? credentials = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = content };
        request.Headers.Authorization = credentials;
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }

    /// <summary>A path that begins with two slashes would name another host.</summary>
    private Uri At(string path) =>
        path.StartsWith("//", StringComparison.Ordinal) ? new Uri(Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path) : new Uri(path, UriKind.RelativeOrAbsolute);

    /// <summary>The status of a request with a bearer token.</summary>
    public async Task<int> StatusAsync(string token, string path = "/v1/stats")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, At(path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    public static FormUrlEncodedContent Form(string id, string secret, string? scope = null)
    {
        Dictionary<string, string> form = new(StringComparer.Ordinal) { ["grant_type"] = "client_credentials", ["client_id"] = id, ["client_secret"] = secret };
        if (scope is not null) form["scope"] = scope;
        return new FormUrlEncodedContent(form);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (app is null) return;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(Time).AddSingleton<IJobStorage>(Storage).AddSingleton<IHandlerCatalog>(new Accepts("test.any"));
        builder.Services.AddErrand().AddErrandApi(Api).AddErrandIdentity(Identity).AddErrandOAuth(OAuth).AddZendesk().AddWorkiva(new WorkivaOptions()).AddAlteryx(new AlteryxOptions());
        app = builder.Build();
        app.MapErrand();
        app.MapErrandOAuth();
        app.MapErrandZendesk();
        app.MapErrandWorkiva();
        app.MapErrandAlteryx();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    private sealed class Accepts(string type) : IHandlerCatalog
    {
        public IReadOnlyList<HandlerRegistration> Handlers { get; } = [new HandlerRegistration(new JobType { Name = type }, Create: null)];
    }
}
