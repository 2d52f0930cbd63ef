using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Errand.Load.Http;

/// <summary>A running server of one build on a store of its own, with the jobs and the credentials that the loads need.</summary>
internal sealed class Contender : IAsyncDisposable
{
    // Vendors' scopes beside our own: one token for all wires.
    private const string Scopes = "jobs.submit jobs.read queues.manage data_tables|r file:read";

    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly string executable;
    private Contender(string executable, ServerProcess server, string token)
    {
        (this.executable, Server, Token) = (executable, server, token);
        Client = new HttpClient { BaseAddress = server.Url };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public ServerProcess Server { get; }

    private HttpClient Client { get; }

    public string Token { get; }

    /// <summary>A signed token, for the same subject's rights.</summary>
    public string? Jwt { get; private set; }

    /// <summary>A job that has succeeded, and its ETag.</summary>
    public (string Id, string ETag) Finished { get; private set; }

    /// <summary>The id of a job that runs.</summary>
    public string Running { get; private set; } = "";

    public string At(string path) => new Uri(Server.Url, path).AbsoluteUri;

    /// <summary>The arguments of a server.</summary>
    public static string[] Serve(Uri url, string folder) => ["serve", "--urls", url.AbsoluteUri, "--data", folder, "--config", ConfigOf(folder)];

    /// <summary>Makes the configuration of a server in its folder.</summary>
    public static Task ConfigureAsync(string folder, string? postgreSql, string schema)
    {
        var storage = postgreSql is null ? """{"provider":"sqlite"}""" : JsonSerializer.Serialize(new { provider = "postgresql", connection = postgreSql, schema });
        return File.WriteAllTextAsync(
            ConfigOf(folder),
            $$$$"""
            {"storage":{{{{storage}}}},"dialects":{"zendesk":{},"workiva":{},"alteryx":{"path":"/webapi"}},
             "types":{"bench.noop":{"handler":"command","command":["echo","{\"rows\":12}"]},"bench.sleep":{"handler":"command","command":["sleep","600"]}}}
            """);
    }

    /// <summary>Starts a server over a folder that is configured.</summary>
    public static async Task<Contender> StartAsync(HttpClient client, string executable, string folder)
    {
        var url = Commands.FreeUrl();
        var token = await Commands.RunAsync(executable, [.. "token create --subject bench -o id".Split(' '), "--scopes", Scopes, "--data", folder, "--config", ConfigOf(folder)]);
        var server = await ServerProcess.StartAsync(client, url, "/readyz", executable, Serve(url, folder));
        return new Contender(executable, server, token);
    }

    /// <summary>Makes the jobs that are read, and a signed token.</summary>
    public async Task PrepareAsync(string folder)
    {
        Finished = await SubmitAsync("bench.noop", wait: true);
        (Running, _) = await SubmitAsync("bench.sleep", wait: false);
        var secret = await Commands.RunAsync(executable, [.. "client create bench -o json".Split(' '), "--scopes", Scopes, "--data", folder, "--config", ConfigOf(folder)]);
        using var made = JsonDocument.Parse(secret);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "bench",
            ["client_secret"] = made.RootElement.GetProperty("secret").GetString()!,
        });
        using var answer = await Client.PostAsync(new Uri("/oauth2/token", UriKind.Relative), form);
        if (answer.IsSuccessStatusCode) Jwt = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
    }

    /// <summary>From here on nothing runs: what is submitted is only stored.</summary>
    public async Task PauseAsync()
    {
        using var content = JsonContent.Create(new { paused = true });
        using var answer = await Client.PatchAsync(new Uri("/v1/queues/default", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    private async Task<(string Id, string ETag)> SubmitAsync(string type, bool wait)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = JsonContent.Create(new { type }) };
        if (wait) request.Headers.Add("Prefer", "wait=20");
        using var answer = await Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        while (true)
        {
            using var status = await Client.GetAsync(new Uri($"/v1/jobs/{id}", UriKind.Relative));
            var word = (await status.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString();
            if (word == (wait ? "succeeded" : "running")) return (id, status.Headers.ETag!.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(50), Time);
        }
    }

    private static string ConfigOf(string folder) => Path.Combine(folder, "errand.json");
}
