using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Errand.Torture.Processes;

namespace Errand.EndToEnd.Tests;

/// <summary>The disk fills up: submits are refused with a clear answer, what was accepted ends, and room brings the server back by itself.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_full_disk_refuses_submits_and_loses_nothing()
    {
        await using var disk = await SmallDisk.TryMountAsync(megabytes: 192);
        Assert.SkipWhen(disk is null, "needs root: the test mounts a small tmpfs");
        using var folder = new DataFolder(Path.Combine(disk.Path, "data"));
        await using var target = await Target.StartAsync();
        var config = folder.WriteConfig(new JsonObject
        {
            ["types"] = new JsonObject { ["e2e.http"] = new JsonObject { ["handler"] = "http", ["url"] = $"{target.Url}/run" } },
        });
        var token = await ErrandProcess.CreateTokenAsync(folder.Data);
        await using var server = await ErrandProcess.ServeAsync(folder.Data, config);
        using var client = server.Client(token);
        var accepted = new List<string>();

        var refusal = await SubmitUntilRefusedAsync(client, accepted);
        output.WriteLine($"{accepted.Count} accepted, then {(int)refusal.Status}: {refusal.Body}");
        Assert.True(refusal.Status is HttpStatusCode.InsufficientStorage or HttpStatusCode.ServiceUnavailable, $"a full disk is 507 or 503, not {(int)refusal.Status}: {refusal.Body}");
        Assert.Contains("\"code\"", refusal.Body, StringComparison.Ordinal);

        // Settles still fit, although submits do not.
        await WaitUntilSucceededAsync(client, accepted, server);

        await disk.ResizeAsync(megabytes: 512);
        await Wait.UntilAsync(async () => await SubmitAsync(client, accepted) is null, TimeSpan.FromSeconds(15), () => "submits are still refused although there is room");
        await WaitUntilSucceededAsync(client, accepted, server);
        Assert.Equal(0, await server.StopAsync());
    }

    private static async Task<(HttpStatusCode Status, string Body)> SubmitUntilRefusedAsync(HttpClient client, List<string> accepted)
    {
        for (var n = 0; n < 5000; n++)
        {
            if (await SubmitAsync(client, accepted) is { } refusal) return refusal;
        }

        throw new InvalidOperationException("5,000 jobs of 100 kB fit on the small disk, so the test shows nothing");
    }

    private static async Task<(HttpStatusCode Status, string Body)?> SubmitAsync(HttpClient client, List<string> accepted)
    {
        var body = $$"""{"type":"e2e.http","input":"{{new string('x', 100_000)}}"}""";
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("/v1/jobs", UriKind.Relative), content);
        if (answer.StatusCode != HttpStatusCode.Accepted) return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        accepted.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
        return null;
    }

    private static async Task WaitUntilSucceededAsync(HttpClient client, List<string> ids, ErrandProcess server)
    {
        foreach (var id in ids)
        {
            var status = "";
            await Wait.UntilAsync(
                async () =>
                {
                    var job = await client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/jobs/{id}", UriKind.Relative));
                    return (status = job.GetProperty("status").GetString()) == "succeeded";
                },
                TimeSpan.FromSeconds(60),
                () => $"job {id} is {status}\n{server.Log[^Math.Min(3000, server.Log.Length)..]}");
        }
    }
}
