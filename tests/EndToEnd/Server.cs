using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Errand.EndToEnd.Tests;

/// <summary>One server with types that misbehave in every way, shared by the tests of what bad input and bad programs get.</summary>
public sealed class Server : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private ErrandProcess? _process;

    public HttpClient Client { get; private set; } = null!;

    public string Log => _process!.Log;

    public async ValueTask InitializeAsync()
    {
        var config = _folder.WriteConfig(new JsonObject
        {
            ["types"] = new JsonObject
            {
                ["bad.exit"] = Command("echo about to break >&2; exit 3"),
                ["bad.deaf"] = Command("trap '' TERM INT; while :; do sleep 0.2; done"),
                ["bad.huge"] = Command("printf '{\"errand\":\"result\",\"value\":\"'; head -c 22000000 /dev/zero | tr '\\0' 'x'; printf '\"}\\n'"),
                ["bad.chatty"] = Command("seq 1000000"),
                ["bad.hang"] = Command("sleep 600", ("timeout", "00:00:01"), ("maxAttempts", 1)),
                ["rows.count"] = new JsonObject { ["handler"] = "command", ["command"] = new JsonArray("node", Path.Combine(AppContext.BaseDirectory, "Workers", "rows.mjs")) },
            },
        });
        var token = await ErrandProcess.CreateTokenAsync(_folder.Data);
        _process = await ErrandProcess.ServeAsync(_folder.Data, config);
        Client = _process.Client(token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null) await _process.DisposeAsync();
        _folder.Dispose();
    }

    public async Task<string> SubmitAsync(object job)
    {
        using var answer = await Client.PostAsJsonAsync(new Uri("/v1/jobs", UriKind.Relative), job);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    public async Task<JsonElement> WaitForEndAsync(string id, TimeSpan patience)
    {
        JsonElement job = default;
        await Wait.UntilAsync(
            async () => (job = await GetAsync($"/v1/jobs/{id}")).GetProperty("done").GetBoolean(),
            patience,
            () => $"{job}\n{Log[^Math.Min(3000, Log.Length)..]}");
        return job;
    }

    public async Task<HttpResponseMessage> UploadCsvAsync(string csv)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        return await Client.PostAsync(new Uri("/v1/uploads", UriKind.Relative), content);
    }

    private static JsonObject Command(string script, params (string Name, JsonNode Value)[] settings)
    {
        var type = new JsonObject { ["handler"] = "command", ["command"] = new JsonArray("sh", "-c", script) };
        foreach (var (name, value) in settings) type[name] = value;
        return type;
    }
}
