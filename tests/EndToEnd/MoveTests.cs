using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Errand.Storage.PostgreSql.Tests;

namespace Errand.EndToEnd.Tests;

/// <summary><c>errand move</c>: a server on SQLite, with jobs in every state, goes on as one on PostgreSQL.</summary>
public sealed class MoveTests
{
    [Fact]
    public async Task A_server_moves_from_SQLite_to_PostgreSQL_with_all_that_it_has()
    {
        Assert.SkipWhen(Cluster.Programs is null, "No PostgreSQL programs: this test starts a server of its own. Install Debian's package postgresql.");
        await using var cluster = await Cluster.StartAsync();
        using var folder = new DataFolder();
        var gate = Path.Combine(folder.Root, "gate");
        var config = folder.WriteConfig(Config(gate));
        var token = await ErrandProcess.CreateTokenAsync(folder.Data);
        var old = await ErrandProcess.ServeAsync(folder.Data, config);
        using var before = old.Client(token);
        var ended = await SubmitAsync(before, new { type = "e2e.file", labels = new { team = "blue" } }, "key-1");
        var batch = await SubmitAsync(before, new { type = "e2e.rows", items = Enumerable.Range(0, 40).Select(n => new { n = n.ToString() }) });
        var failed = await SubmitAsync(before, new { type = "e2e.fail" });
        var later = await SubmitAsync(before, new { type = "e2e.file", delay = "P100D", priority = 7, uniqueKey = "only-one" });
        foreach (var id in new[] { ended, batch, failed }) await WaitAsync(before, id);
        var running = await SubmitAsync(before, new { type = "e2e.held" });
        await Wait.UntilAsync(async () => (await ReadAsync(before, running)).GetProperty("status").GetString() == "running", TimeSpan.FromSeconds(20), () => "it does not start");
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in new[] { ended, batch, failed, later }) seen[id] = (await DocumentAsync(before, id)).ToJsonString();

        string[] move = ["move", "--from", $"sqlite:{folder.Data}", "--to", $"postgresql:{cluster.ConnectionString}", "-o", "jsonl"];
        var taken = await ErrandProcess.RunAsync(move);
        Assert.True(taken.Code == 6 && taken.Error.Contains("in use", StringComparison.Ordinal), taken.Error);
        await old.KillAsync();
        await old.DisposeAsync();
        var (first, again) = (await ErrandProcess.RunAsync(move), await ErrandProcess.RunAsync(move));

        Assert.True(first.Code == 0 && again.Code == 0, $"{first.Error}\n{again.Error}");
        var (moved, repeated) = (JsonDocument.Parse(first.Output).RootElement, JsonDocument.Parse(again.Output).RootElement);
        Assert.Equal((false, true), (moved.GetProperty("wasThere").GetBoolean(), repeated.GetProperty("wasThere").GetBoolean()));
        Assert.Equal(moved.GetProperty("digest").GetString(), repeated.GetProperty("digest").GetString());
        Assert.Equal(5, moved.GetProperty("tables").EnumerateArray().Single(table => table.GetProperty("name").GetString() == "jobs").GetProperty("rows").GetInt64());

        await File.WriteAllTextAsync(gate, "open");
        var shared = Config(gate);
        shared["storage"] = new JsonObject { ["provider"] = "postgresql", ["connection"] = cluster.ConnectionString };
        await using var server = await ErrandProcess.ServeAsync(folder.Data, folder.WriteConfig(shared));
        using var after = server.Client(token);
        foreach (var (id, document) in seen) Assert.Equal(document, (await DocumentAsync(after, id)).ToJsonString());
        Assert.Equal(100_000, (await after.GetByteArrayAsync(new Uri($"/v1/jobs/{ended}/outputs/out", UriKind.Relative))).Length);
        Assert.Equal(ended, await SubmitAsync(after, new { type = "e2e.file", labels = new { team = "blue" } }, "key-1"));
        Assert.Equal("succeeded", (await WaitAsync(after, running)).GetProperty("status").GetString());
        Assert.Equal(6, (await ErrandProcess.RunAsync(move)).Code);
    }

    [Fact]
    public async Task What_cannot_be_moved_is_said_with_the_fix()
    {
        using var folder = new DataFolder();
        var wrong = await ErrandProcess.RunAsync("move", "--from", "postgresql:Host=a", "--to", "postgresql:Host=b");
        var nothing = await ErrandProcess.RunAsync("move", "--from", $"sqlite:{folder.Data}", "--to", "postgresql:Host=b");

        Assert.Equal((2, 5), (wrong.Code, nothing.Code));
        Assert.Contains("must be sqlite:DIR", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("there is no errand.db", nothing.Error, StringComparison.Ordinal);
    }

    private static JsonObject Config(string gate) => new()
    {
        ["types"] = new JsonObject
        {
            ["e2e.file"] = Command("echo begins; head -c 100000 /dev/zero | tr '\\0' 'x' > out.txt", ("outputs", new JsonArray("*.txt"))),
            ["e2e.rows"] = new JsonObject { ["handler"] = "command", ["command"] = new JsonArray("node", Path.Combine(AppContext.BaseDirectory, "Workers", "rows.mjs")) },
            ["e2e.fail"] = Command("echo no >&2; exit 3", ("maxAttempts", 1)),
            ["e2e.held"] = Command($"while [ ! -e '{gate}' ]; do sleep 0.1; done", ("maxAttempts", 5)),
        },
    };

    private static JsonObject Command(string script, params (string Name, JsonNode Value)[] settings)
    {
        var type = new JsonObject { ["handler"] = "command", ["command"] = new JsonArray("sh", "-c", script) };
        foreach (var (name, value) in settings) type[name] = value;
        return type;
    }

    private static async Task<string> SubmitAsync(HttpClient client, object job, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = JsonContent.Create(job) };
        if (key is not null) request.Headers.Add("Idempotency-Key", $"\"{key}\"");
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static Task<JsonElement> ReadAsync(HttpClient client, string id) => client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/jobs/{id}", UriKind.Relative));

    private static async Task<JsonElement> WaitAsync(HttpClient client, string id)
    {
        JsonElement job = default;
        await Wait.UntilAsync(async () => (job = await ReadAsync(client, id)).GetProperty("done").GetBoolean(), TimeSpan.FromSeconds(40), () => $"{job}");
        return job;
    }

    /// <summary>All that can be read of a job, without the addresses, which name the server.</summary>
    private static async Task<JsonObject> DocumentAsync(HttpClient client, string id)
    {
        var document = new JsonObject();
        foreach (var part in new[] { "?include=input,attempts", "/messages", "/items", "/outputs" })
        {
            var text = await client.GetStringAsync(new Uri($"/v1/jobs/{id}{part}", UriKind.Relative));
            document[part] = JsonNode.Parse(text.Replace(client.BaseAddress!.ToString(), "http://server/", StringComparison.Ordinal));
        }

        return document;
    }
}
