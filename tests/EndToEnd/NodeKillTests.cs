using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Errand.Storage.PostgreSql.Tests;
using Errand.Torture.Processes;

namespace Errand.EndToEnd.Tests;

/// <summary>
/// Two real servers on one PostgreSQL. First one and then the other is ended by kill -9 while jobs are submitted and run; clients go on at
/// the one that is left, as behind a load balancer.
/// </summary>
public sealed class NodeKillTests(ITestOutputHelper output)
{
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _finished = new(StringComparer.Ordinal);
    private readonly ErrandProcess?[] _nodes = new ErrandProcess?[2];
    private int _movedOn;

    [Fact]
    public async Task Every_acknowledged_job_ends_once_though_both_nodes_are_killed()
    {
        Assert.SkipWhen(Cluster.Programs is null, "No PostgreSQL programs: this test starts a server of its own. Install Debian's package postgresql.");
        await using var cluster = await Cluster.StartAsync();
        await using var target = await Target.StartAsync();
        using var folder = new DataFolder();
        var config = folder.WriteConfig(Config(cluster.ConnectionString, target.Url));
        var token = await CreateTokenAsync(config);
        for (var i = 0; i < _nodes.Length; i++) _nodes[i] = await ErrandProcess.ServeAsync(folder.Data, config);
        using var done = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(n => SubmitAsync(new Random(n), token, done.Token)).ToArray();

        await WaitForAcknowledgedAsync(100);
        var waiting = WaitOnTheOtherNodeAsync(token);
        await KillAsync(0);
        await WaitForAcknowledgedAsync(200);
        _nodes[0] = await ErrandProcess.ServeAsync(folder.Data, config);
        await WaitForAcknowledgedAsync(300);
        Assert.Equal("succeeded", await waiting);
        await KillAsync(1);
        await WaitForAcknowledgedAsync(400);
        await done.CancelAsync();
        await Task.WhenAll(load);
        var since = TimeProvider.System.GetTimestamp();
        await WaitForAllAsync(token);

        var line = $"Kills: 2 nodes of 2, one after the other, {_acknowledged.Count} jobs acknowledged, 0 lost, 0 settled twice, {_movedOn} requests went on at the other node, "
            + $"{target.Runs.Values.Count(n => n > 1)} runs repeated, the last one ended {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0.0} s after the last submit";
        output.WriteLine(line);
        Console.WriteLine(line);
        Assert.Equal(_acknowledged.Count, target.Runs.Keys.Count(_acknowledged.ContainsKey));
        await _nodes[0]!.DisposeAsync();
    }

    private static JsonObject Config(string connection, string target) => new()
    {
        ["storage"] = new JsonObject { ["provider"] = "postgresql", ["connection"] = connection },
        ["types"] = new JsonObject
        {
            ["e2e.http"] = new JsonObject { ["handler"] = "http", ["url"] = $"{target}/run", ["maxAttempts"] = 50 },
        },
    };

    private static async Task<string> CreateTokenAsync(string config)
    {
        var (code, output, error) = await ErrandProcess.RunAsync(
            "token", "create", "--subject", "e2e", "--config", config, "-o", "id", "--scopes", "jobs.submit jobs.read");
        return code == 0 ? output : throw new InvalidOperationException($"errand token create ended with {code}: {error}");
    }

    private async Task KillAsync(int node)
    {
        var dead = _nodes[node]!;
        _nodes[node] = null;
        await dead.KillAsync();
        await dead.DisposeAsync();
    }

    /// <summary>Submits until it is told to stop; what has no answer is sent again, with the same id, to whichever node lives.</summary>
    private async Task SubmitAsync(Random random, string token, CancellationToken done)
    {
        using var client = Client(token);
        while (!done.IsCancellationRequested)
        {
            var id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(1L << 40))).ToString("N");
            var tries = 0;
            await Wait.UntilAsync(
                async () => await PutAsync(client, random.Next(2) + tries++, id), TimeSpan.FromSeconds(60), () => $"no node accepts the submit of {id}");
            if (tries > 1) Interlocked.Increment(ref _movedOn);
        }
    }

    private async Task<bool> PutAsync(HttpClient client, int preferred, string id)
    {
        if ((_nodes[preferred % 2] ?? _nodes[(preferred + 1) % 2]) is not { } node) return false;
        try
        {
            using var answer = await client.PutAsJsonAsync(new Uri(node.Url, $"/v1/jobs/{id}"), new { type = "e2e.http", input = new { n = 1 } });
            if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK) return _acknowledged[id] = true;
            Assert.True(
                answer.StatusCode is HttpStatusCode.ServiceUnavailable, $"PUT {id}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The node died: the outcome is unknown.
        }

        return false;
    }

    private Task WaitForAcknowledgedAsync(int jobs) => Wait.UntilAsync(
        () => Task.FromResult(_acknowledged.Count >= jobs), TimeSpan.FromSeconds(60), () => $"{_acknowledged.Count} of {jobs} jobs are acknowledged");

    /// <summary>A long poll on the second node, for a job that the first one may be running when it dies.</summary>
    private async Task<string> WaitOnTheOtherNodeAsync(string token)
    {
        using var client = Client(token);
        client.DefaultRequestHeaders.Add("Prefer", "wait=30");
        var job = await client.GetFromJsonAsync<JsonElement>(new Uri(_nodes[1]!.Url, $"/v1/jobs/{_acknowledged.Keys.Last()}"));
        return job.GetProperty("status").GetString()!;
    }

    private async Task WaitForAllAsync(string token)
    {
        using var client = Client(token);
        var waiting = _acknowledged.Keys.ToList();
        await Wait.UntilAsync(
            async () =>
            {
                var ended = await Task.WhenAll(waiting.Select(id => HasEndedAsync(client, id)));
                waiting = [.. waiting.Where((_, i) => !ended[i])];
                return waiting.Count == 0;
            },
            TimeSpan.FromSeconds(90),
            () => $"{waiting.Count} acknowledged jobs have not ended, the first is {waiting[0]}\n{_nodes[0]!.Log}");

        // Once more, all of them: nothing that had ended may have changed.
        Assert.All(await Task.WhenAll(_acknowledged.Keys.Select(id => HasEndedAsync(client, id))), Assert.True);
    }

    private async Task<bool> HasEndedAsync(HttpClient client, string id)
    {
        using var answer = await client.GetAsync(new Uri(_nodes[0]!.Url, $"/v1/jobs/{id}"));
        Assert.True(answer.StatusCode is HttpStatusCode.OK, $"the acknowledged job {id} answers {(int)answer.StatusCode}: it is lost");
        var job = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (!job.GetProperty("done").GetBoolean()) return false;
        Assert.Equal("succeeded", job.GetProperty("status").GetString());
        var seen = $"{job.GetProperty("finishedAt")} {job.GetProperty("version")} {answer.Headers.ETag}";
        Assert.Equal(seen, _finished.GetOrAdd(id, seen));
        return true;
    }

    private static HttpClient Client(string token)
    {
        var client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
