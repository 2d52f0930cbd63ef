using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Errand.AspNetCore;
using Errand.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>A whole node: engine, API on a port of its own, and a worker where it is given handlers.</summary>
internal sealed class ApiNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private ApiNode(WebApplication app, HttpClient client) => (_app, _client) = (app, client);

    public HttpClient Client => _client;

    public AccessTokens Tokens => _app.Services.GetRequiredService<AccessTokens>();

    public static async Task<ApiNode> StartAsync(PostgreSqlStorageOptions store, Action<IErrandBuilder>? work = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var errand = builder.Services.AddErrand(engine => engine.SlowStart = TimeSpan.Zero).UsePostgreSql(options =>
        {
            (options.ConnectionString, options.Schema, options.Pooler, options.OutputFolder) =
                (store.ConnectionString, store.Schema, store.Pooler, store.OutputFolder);
        });
        errand.AddErrandApi();
        work?.Invoke(errand);
        if (work is not null) errand.AddWorker();
        var app = builder.Build();
        app.MapErrand("/v1");
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var client = new HttpClient { BaseAddress = new Uri($"{address}/v1/"), Timeout = TimeSpan.FromSeconds(60) };
        var token = await app.Services.GetRequiredService<AccessTokens>().CreateAsync(new NewToken("ada") { Scopes = ["jobs.submit", "jobs.read", "jobs.cancel"] });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token.Text);
        return new ApiNode(app, client);
    }

    public async Task<string> SubmitAsync(string type)
    {
        using var answer = await _client.PostAsJsonAsync("jobs", new { type });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public Task<JsonElement> ReadAsync(string id) => _client.GetFromJsonAsync<JsonElement>($"jobs/{id}");

    /// <summary>A long poll; it ends with the job.</summary>
    public async Task<JsonElement> WaitAsync(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"jobs/{id}");
        request.Headers.Add("Prefer", "wait=30");
        using var answer = await _client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>What a caller with another token is answered.</summary>
    public async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "jobs") { Headers = { Authorization = new("Bearer", token) } };
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Follows all jobs; returns once the node listens.</summary>
    public async Task<JobFollower> FollowAsync()
    {
        var answer = await _client.GetAsync("events", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode);
        return new JobFollower(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The events of a job, until its stream ends.</summary>
    public async IAsyncEnumerable<JsonElement> WatchAsync(string id)
    {
        using var answer = await _client.GetAsync($"jobs/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) yield return JsonDocument.Parse(line[6..]).RootElement;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
