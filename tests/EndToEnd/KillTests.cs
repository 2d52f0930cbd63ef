using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Errand.EndToEnd.Tests;

/// <summary>
/// kill -9 of the real server at random moments under submit and run load. Afterwards every acknowledged job exists exactly once and
/// ends, what was seen finished never changed again, no item is counted twice, and no output is torn.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("ERRAND_KILLS"), out var kills) ? kills
        : Environment.GetEnvironmentVariable("ERRAND_TESTS") == "long" ? 100 : 20;

    private const int ItemsPerBatch = 20;
    private const int OutputBytes = 200_000;

    // Each job as it was asked for, by its client-made id; a submit without an answer is sent again in the next life of the server.
    private readonly ConcurrentDictionary<string, string> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _finished = new(StringComparer.Ordinal);
    private readonly Random _random = new(Random());
    private long _changedAfterEnd;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_by_kill_9()
    {
        using var folder = new DataFolder();
        await using var target = await Target.StartAsync();
        var config = folder.WriteConfig(Config(target.Url));
        var token = await ErrandProcess.CreateTokenAsync(folder.Data);

        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ErrandProcess.ServeAsync(folder.Data, config);
            using var client = server.Client(token);
            using var dead = new CancellationTokenSource();
            var load = Enumerable.Range(0, 6).Select(n => SubmitUntilDeadAsync(client, new Random(_random.Next()), dead.Token))
                .Append(ReadUntilDeadAsync(client, dead.Token)).ToArray();
            await Wait.For(TimeSpan.FromMilliseconds(_random.Next(100, 900)));
            await server.KillAsync();
            await dead.CancelAsync();
            await Task.WhenAll(load);
        }

        await using var last = await ErrandProcess.ServeAsync(folder.Data, config);
        using var reader = last.Client(token);
        var resent = await SendUnansweredAgainAsync(reader);
        var ended = await WaitForAllAsync(reader, () => last.Log);
        var (poisoned, doubled, torn) = await ExamineAsync(reader, ended);

        var line = $"Kills: {Kills} kills, {_acknowledged.Count} jobs acknowledged, 0 lost, {_changedAfterEnd} settled twice, {doubled} items counted twice, "
            + $"{torn} outputs torn, {poisoned} parked as poison, {resent} submits sent again, {target.Runs.Values.Count(n => n > 1)} runs repeated";
        output.WriteLine(line);
        Console.WriteLine(line);
        Assert.True(_acknowledged.Count > Kills * 5, "the load must be real: more than five acknowledged jobs a kill");
        Assert.Equal(0, _changedAfterEnd);
        Assert.Equal(0, doubled);
        Assert.Equal(0, torn);
    }

    private static JsonObject Config(string target) => new()
    {
        ["types"] = new JsonObject
        {
            ["e2e.http"] = new JsonObject { ["handler"] = "http", ["url"] = $"{target}/run", ["maxAttempts"] = 50 },
            ["e2e.batch"] = new JsonObject { ["handler"] = "http.batch", ["url"] = $"{target}/item/{{n}}", ["concurrency"] = 4, ["maxAttempts"] = 50, ["itemAttempts"] = 1 },
            ["e2e.file"] = new JsonObject
            {
                ["handler"] = "command",
                ["command"] = new JsonArray("sh", "-c", $"head -c {OutputBytes} /dev/zero | tr '\\0' 'x' > out.txt; echo done"),
                ["outputs"] = new JsonArray("*.txt"),
                ["maxAttempts"] = 50,
            },
        },
    };

    private async Task SubmitUntilDeadAsync(HttpClient client, Random random, CancellationToken dead)
    {
        while (!dead.IsCancellationRequested)
        {
            var id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(1L << 40))).ToString("N");
            _asked[id] = Body(random.Next(10));
            if (!await PutAsync(client, id, dead)) return;
        }
    }

    private static string Body(int kind) => kind switch
    {
        0 => $$"""{"type":"e2e.batch","items":[{{string.Join(',', Enumerable.Range(0, ItemsPerBatch).Select(n => $$"""{"n":{{n}}}"""))}}]}""",
        1 => """{"type":"e2e.file","input":{"what":"bytes"}}""",
        _ => """{"type":"e2e.http","input":{"n":1}}""",
    };

    private async Task<bool> PutAsync(HttpClient client, string id, CancellationToken cancellation)
    {
        try
        {
            using var content = new StringContent(_asked[id], System.Text.Encoding.UTF8, "application/json");
            using var answer = await client.PutAsync(new Uri($"/v1/jobs/{id}", UriKind.Relative), content, cancellation);
            if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK) return _acknowledged[id] = true;
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable) Assert.Fail($"PUT {id}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            // The server died: the outcome is unknown, and the same PUT is sent again later.
        }

        return false;
    }

    private async Task ReadUntilDeadAsync(HttpClient client, CancellationToken dead)
    {
        while (!dead.IsCancellationRequested)
        {
            foreach (var id in _acknowledged.Keys.Where(id => !_finished.ContainsKey(id)).Take(50))
            {
                try
                {
                    await NoteIfFinishedAsync(client, id, dead);
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
                {
                    return;
                }
            }

            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, dead);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>True when the job has ended; what was seen ended once must be seen the same for ever.</summary>
    private async Task<bool> NoteIfFinishedAsync(HttpClient client, string id, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(new Uri($"/v1/jobs/{id}", UriKind.Relative), cancellation);
        Assert.True(answer.StatusCode is HttpStatusCode.OK, $"the acknowledged job {id} answers {(int)answer.StatusCode}: it is lost");
        var job = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        if (!job.GetProperty("done").GetBoolean()) return false;
        var seen = $"{job.GetProperty("status")} {job.GetProperty("finishedAt")} {job.GetProperty("version")} {answer.Headers.ETag}";
        if (_finished.GetOrAdd(id, seen) != seen) Interlocked.Increment(ref _changedAfterEnd);
        return true;
    }

    private async Task<int> SendUnansweredAgainAsync(HttpClient client)
    {
        var unanswered = _asked.Keys.Where(id => !_acknowledged.ContainsKey(id)).ToArray();
        foreach (var id in unanswered) Assert.True(await PutAsync(client, id, CancellationToken.None), $"the submit of {id} is not accepted again");
        return unanswered.Length;
    }

    private async Task<string[]> WaitForAllAsync(HttpClient client, Func<string> log)
    {
        var waiting = _acknowledged.Keys.ToList();
        await Wait.UntilAsync(
            async () =>
            {
                var still = new List<string>();
                foreach (var id in waiting)
                {
                    if (!await NoteIfFinishedAsync(client, id, CancellationToken.None)) still.Add(id);
                }

                waiting = still;
                return waiting.Count == 0;
            },
            TimeSpan.FromMinutes(3),
            () => $"{waiting.Count} acknowledged jobs have not ended, the first is {waiting[0]}\n{log()[^Math.Min(4000, log().Length)..]}");

        // Once more, all of them: nothing that had ended may have changed.
        foreach (var id in _acknowledged.Keys) Assert.True(await NoteIfFinishedAsync(client, id, CancellationToken.None));
        return [.. _acknowledged.Keys];
    }

    private async Task<(int Poisoned, int Doubled, int Torn)> ExamineAsync(HttpClient client, string[] ids)
    {
        var (poisoned, doubled, torn) = (0, 0, 0);
        foreach (var id in ids)
        {
            var job = await client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/jobs/{id}", UriKind.Relative));
            if (job.GetProperty("status").GetString() == "failed")
            {
                Assert.Equal("poison", job.GetProperty("error").GetProperty("code").GetString());
                poisoned++;
                continue;
            }

            Assert.Equal("succeeded", job.GetProperty("status").GetString());
            if (_asked[id].Contains("e2e.batch", StringComparison.Ordinal)) doubled += await CountDoubledAsync(client, id, job);
            if (_asked[id].Contains("e2e.file", StringComparison.Ordinal)) torn += await IsTornAsync(client, id) ? 1 : 0;
        }

        return (poisoned, doubled, torn);
    }

    private static async Task<int> CountDoubledAsync(HttpClient client, string id, JsonElement job)
    {
        var progress = job.GetProperty("progress");
        Assert.Equal(ItemsPerBatch, progress.GetProperty("completed").GetInt64());
        Assert.Equal(1, progress.GetProperty("failed").GetInt64());
        var page = await client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/jobs/{id}/items?pageSize=200", UriKind.Relative));
        var places = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("index").GetInt32()).ToArray();
        Assert.Equal(ItemsPerBatch, places.Distinct().Count());
        return places.Length - places.Distinct().Count();
    }

    private static async Task<bool> IsTornAsync(HttpClient client, string id)
    {
        var outputs = (await client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/jobs/{id}/outputs", UriKind.Relative))).GetProperty("items");
        Assert.Equal(1, outputs.GetArrayLength());
        var name = outputs[0].GetProperty("id").GetString();
        var bytes = await client.GetByteArrayAsync(new Uri($"/v1/jobs/{id}/outputs/{name}", UriKind.Relative));
        var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:";
        return bytes.Length != OutputBytes || outputs[0].GetProperty("digest").GetString() != digest;
    }

    private static int Random()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ERRAND_KILL_SEED"), out var given) ? given : RandomNumberGenerator.GetInt32(int.MaxValue);
        Console.WriteLine($"Kill seed: {seed}");
        return seed;
    }
}
