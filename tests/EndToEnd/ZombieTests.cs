using System.Net.Http.Json;
using System.Text.Json;

namespace Errand.EndToEnd.Tests;

/// <summary>A worker that is stopped longer than its session lives, and then goes on as if nothing had happened.</summary>
public sealed class ZombieTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_late_settle_of_a_stopped_worker_is_refused()
    {
        using var folder = new DataFolder();
        var token = await ErrandProcess.CreateTokenAsync(folder.Data);
        await using var server = await ErrandProcess.ServeAsync(folder.Data);
        using var client = server.Client(token);

        using var zombie = new RemoteWorker(server.Url, token, "e2e.remote", TimeSpan.FromSeconds(2), "zombie");
        await zombie.ReadAsync("session");
        var job = await SubmitAsync(client);
        Assert.Equal(job, (await zombie.ReadAsync("claimed")).GetString());
        await zombie.StopAsync();

        using var successor = new RemoteWorker(server.Url, token, "e2e.remote", TimeSpan.Zero, "successor");
        Assert.Equal(job, (await successor.ReadAsync("claimed")).GetString());
        Assert.Equal("[true]", (await successor.ReadAsync("settled")).GetProperty("body").GetProperty("settled").GetRawText());

        await zombie.ContinueAsync();
        var late = await zombie.ReadAsync("settled");
        output.WriteLine($"the late settle was answered {late}");
        Assert.True(
            late.GetProperty("status").GetInt32() is 404 or 409 or 410 || late.GetProperty("body").GetProperty("settled").GetRawText() == "[false]",
            $"a late settle must be refused, but was answered {late}");

        var ended = await client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/jobs/{job}?include=attempts", UriKind.Relative));
        Assert.Equal("succeeded", ended.GetProperty("status").GetString());
        Assert.Equal("successor", ended.GetProperty("result").GetProperty("by").GetString());
        Assert.Equal(2, ended.GetProperty("attempt").GetInt32());
    }

    private static async Task<string> SubmitAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync(new Uri("/v1/jobs", UriKind.Relative), new { type = "e2e.remote" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
