using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Errand.EndToEnd.Tests;

/// <summary><c>errand backup</c> beside a running server, and a server on the copy.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task A_server_on_the_copy_knows_jobs_outputs_and_tokens()
    {
        using var folder = new DataFolder();
        var config = folder.WriteConfig(new JsonObject
        {
            ["types"] = new JsonObject
            {
                ["e2e.file"] = new JsonObject
                {
                    ["handler"] = "command",
                    ["command"] = new JsonArray("sh", "-c", "head -c 100000 /dev/zero | tr '\\0' 'x' > out.txt"),
                    ["outputs"] = new JsonArray("*.txt"),
                },
            },
        });
        var token = await ErrandProcess.CreateTokenAsync(folder.Data);
        await using var server = await ErrandProcess.ServeAsync(folder.Data, config);
        using var client = server.Client(token);
        using var submit = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = JsonContent.Create(new { type = "e2e.file" }) };
        submit.Headers.Add("Prefer", "wait=30");
        using var done = await client.SendAsync(submit);
        var id = (await done.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        var target = Path.Combine(folder.Root, "copy");
        var (code, said, error) = await ErrandProcess.RunAsync("backup", "--data", folder.Data, "--to", target, "-o", "jsonl");
        Assert.True(code == 0, $"{code}: {error}");
        var report = JsonDocument.Parse(said).RootElement;
        Assert.Equal((1, 0), (report.GetProperty("tokens").GetInt32(), report.GetProperty("missing").GetArrayLength()));
        Assert.Equal(2, (await ErrandProcess.RunAsync("backup")).Code);
        Assert.Equal(4, (await ErrandProcess.RunAsync("backup", "--data", folder.Data, "--to", target)).Code);
        await server.KillAsync();

        await using var restored = await ErrandProcess.ServeAsync(target, config);
        using var reader = restored.Client(token);
        var job = await reader.GetFromJsonAsync<JsonElement>(new Uri($"/v1/jobs/{id}", UriKind.Relative));
        Assert.Equal("succeeded", job.GetProperty("status").GetString());
        Assert.Equal(100_000, (await reader.GetByteArrayAsync(new Uri($"/v1/jobs/{id}/outputs/out", UriKind.Relative))).Length);
    }
}
