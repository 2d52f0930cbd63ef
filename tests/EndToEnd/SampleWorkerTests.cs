using System.Net.Http.Json;
using System.Text.Json;

namespace Errand.EndToEnd.Tests;

/// <summary>The workers in other languages that may be copied: what they do with good and bad jobs, and with a server that dies.</summary>
public sealed class SampleWorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("python")]
    [InlineData("typescript")]
    public async Task A_worker_runs_jobs_and_goes_on_after_its_server_died(string language)
    {
        using var folder = new DataFolder();
        var token = await ErrandProcess.CreateTokenAsync(folder.Data);
        var port = ErrandProcess.FreePort();
        var server = await ErrandProcess.ServeAsync(folder.Data, port: port);
        using var client = server.Client(token);
        using var worker = SampleWorker.Start(language, server.Url, token);
        await Wait.UntilAsync(
            async () => (await client.GetStringAsync(new Uri("/v1/job-types", UriKind.Relative))).Contains("text.count", StringComparison.Ordinal),
            Patience, () => $"the worker does not tell its types: {worker.Log}");

        var counted = await EndOfAsync(client, worker, await SubmitAsync(client, new { type = "text.count", input = new { text = "one two three" } }));
        Assert.Equal("succeeded", counted.GetProperty("status").GetString());
        Assert.Equal($$"""{"words":3,"by":"{{language}}"}""", counted.GetProperty("result").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(1, counted.GetProperty("progress").GetProperty("completed").GetInt64());
        var messages = await client.GetStringAsync(new Uri($"/v1/jobs/{counted.GetProperty("id").GetString()}/messages", UriKind.Relative));
        Assert.Contains("attempt 1 counts", messages, StringComparison.Ordinal);

        var rejected = await EndOfAsync(client, worker, await SubmitAsync(client, new { type = "text.count", input = new { text = 3 } }));
        Assert.Equal(("failed", 1), (rejected.GetProperty("status").GetString(), rejected.GetProperty("attempt").GetInt32()));
        Assert.Equal("the input needs a text", rejected.GetProperty("error").GetProperty("message").GetString());

        var rows = await EndOfAsync(client, worker, await SubmitAsync(
            client, new { type = "rows.check", items = new[] { new { name = "a" }, new { name = " " }, new { name = "ö" } } }));
        Assert.Equal((3, 1), (rows.GetProperty("progress").GetProperty("completed").GetInt64(), rows.GetProperty("progress").GetProperty("failed").GetInt64()));

        await server.KillAsync();
        await server.DisposeAsync();
        await using var next = await ErrandProcess.ServeAsync(folder.Data, port: port);
        var after = await EndOfAsync(client, worker, await SubmitAsync(client, new { type = "text.count", input = new { text = "and on" } }));
        Assert.Equal("succeeded", after.GetProperty("status").GetString());
        Assert.Equal(0, await worker.StopAsync());
    }

    private static async Task<string> SubmitAsync(HttpClient client, object job)
    {
        using var answer = await client.PostAsJsonAsync(new Uri("/v1/jobs", UriKind.Relative), job);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> EndOfAsync(HttpClient client, SampleWorker worker, string id)
    {
        JsonElement job = default;
        await Wait.UntilAsync(
            async () => (job = await client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/jobs/{id}", UriKind.Relative))).GetProperty("done").GetBoolean(),
            Patience,
            () => $"{job}\n{worker.Log}");
        return job;
    }
}
