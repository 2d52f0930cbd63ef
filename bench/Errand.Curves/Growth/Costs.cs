using System.Text.Json.Nodes;
using Errand.Curves.Machinery;

namespace Errand.Curves.Growth;

/// <summary>What each request to a server costs: how long it takes when nothing else is asked for, by its name.</summary>
internal sealed class Costs(PublishedServer server, string type)
{
    private static readonly TimeProvider Time = TimeProvider.System;

    private static readonly (string Name, string Query)[] Pages =
    [
        ("list, newest first", ""),
        ("list, oldest first", "?orderBy=createdAt"),
        ("list, by end", "?orderBy=finishedAt%20desc"),
        ("list, succeeded", "?status=succeeded"),
        ("list, failed (there is none)", "?status=failed"),
        ("list, scheduled", "?status=scheduled"),
        ("list, running (there is none)", "?status=running"),
        ("list, of a type that has none", "?type=bench.rare"),
        ("list, of a label that has none", "?label.team=none"),
        ("list, created in the last minute", "?filter=created:%3C1m"),
    ];

    private readonly Dictionary<string, List<double>> _times = [];

    public IReadOnlyDictionary<string, List<double>> Times => _times;

    /// <summary>Asks for everything this many times.</summary>
    public async Task RoundAsync(int times)
    {
        var session = await OpenAsync();
        for (var n = 0; n < times; n++)
        {
            var job = await TakeAsync("submit", () => server.SendAsync(HttpMethod.Post, "/v1/jobs", new JsonObject { ["type"] = type }));
            var id = job["id"]!.GetValue<string>();
            await TakeAsync("status", () => server.SendAsync(HttpMethod.Get, $"/v1/jobs/{id}"));
            var claimed = await TakeAsync("claim", () => server.SendAsync(HttpMethod.Post, $"/v1/worker-sessions/{session}/claim"));
            var lease = claimed["jobs"]![0]!["lease"]!.GetValue<string>();
            var outcome = new JsonObject { ["lease"] = lease, ["outcome"] = "succeeded" };
            await TakeAsync("settle", () => server.SendAsync(HttpMethod.Post, $"/v1/worker-sessions/{session}/settle", new JsonObject { ["settlements"] = new JsonArray(outcome) }));
            if (n % 10 == 0)
            {
                foreach (var (name, query) in Pages) await TakeAsync(name, () => server.SendAsync(HttpMethod.Get, $"/v1/jobs{query}"));
                await TakeAsync("counts of all queues", () => server.SendAsync(HttpMethod.Get, "/v1/stats"));
                await server.SendAsync(HttpMethod.Post, $"/v1/worker-sessions/{session}/beat");
            }
        }

        await server.SendAsync(HttpMethod.Delete, $"/v1/worker-sessions/{session}");
    }

    /// <summary>Submits and reads without a pause until this is done; how long each request took.</summary>
    public async Task<List<double>> WhileAsync(Func<Task<bool>> goesOn)
    {
        _times.Remove("submit");
        do
        {
            for (var n = 0; n < 50; n++) await TakeAsync("submit", () => server.SendAsync(HttpMethod.Post, "/v1/jobs", new JsonObject { ["type"] = type }));
        }
        while (await goesOn());

        return [.. _times["submit"].Order()];
    }

    public async Task<long> SucceededAsync()
    {
        var answer = await server.SendAsync(HttpMethod.Get, "/v1/stats");
        return answer["jobs"]!["succeeded"]!.GetValue<long>();
    }

    private async Task<string> OpenAsync() => (await server.SendAsync(
        HttpMethod.Post, "/v1/worker-sessions", new JsonObject { ["worker"] = "bench", ["types"] = new JsonArray(type), ["slots"] = 10 }))["id"]!.GetValue<string>();

    private async Task<JsonNode> TakeAsync(string what, Func<Task<JsonNode>> ask)
    {
        var begun = Time.GetTimestamp();
        var answer = await ask();
        if (!_times.TryGetValue(what, out var times)) _times[what] = times = [];
        times.Add(Time.GetElapsedTime(begun).TotalMilliseconds);
        return answer;
    }
}
