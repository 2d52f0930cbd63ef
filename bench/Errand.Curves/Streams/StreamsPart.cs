using System.Text;
using System.Text.Json.Nodes;
using Errand.Curves.Machinery;

namespace Errand.Curves.Streams;

/// <summary>
/// Ten thousand long polls, then as many event streams, on one node: first all for one job, then each for a job of its own. What each costs
/// in memory, what they cost while nothing happens, and how long it takes until the last one is told.
/// </summary>
internal sealed class StreamsPart(Figures figures, string executable, int waiters)
{
    /// <summary>A caller holds at most this many streams open.</summary>
    private const int PerCaller = 100;

    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly byte[] Snapshot = Encoding.ASCII.GetBytes("event: job.snapshot");

    public async Task RunAsync()
    {
        foreach (var make in Store.All)
        {
            foreach (var stream in new[] { false, true }) await MeasureAsync(make, stream);
        }
    }

    private async Task MeasureAsync(Func<Store> make, bool stream)
    {
        await using var store = make();
        var tokens = await store.PrepareAsync((waiters / PerCaller) + 1);
        await using var server = await PublishedServer.StartAsync(executable, store, tokens[0]);
        var what = $"{store.Name}, {waiters:N0} {(stream ? "event streams" : "long polls")}";

        await server.QuietAsync();
        var before = server.ResidentBytes;

        // The first round makes code and buffers ready; a server in use has both.
        await RoundAsync(server, before, await server.SubmitAsync("bench.wait", 1), tokens, stream, null);
        await RoundAsync(server, before, await server.SubmitAsync("bench.wait", 1), tokens, stream, $"{what} for one job");
        await RoundAsync(server, before, await server.SubmitAsync("bench.wait", waiters), tokens, stream, $"{what}, each for its own job");
    }

    private async Task RoundAsync(PublishedServer server, long before, IReadOnlyList<string> jobs, IReadOnlyList<string> tokens, bool stream, string? what)
    {
        await server.QuietAsync();
        var all = Enumerable.Range(0, waiters).Select(n => New(jobs[n % jobs.Count], tokens[n / PerCaller], stream)).ToList();
        try
        {
            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (waiter, _) =>
            {
                await waiter.BeginAsync(server.Url);
                if (stream && !await waiter.HearsAsync(Snapshot)) throw new InvalidOperationException("A stream ended before it began.");
            });
            var told = all.ConvertAll(waiter => waiter.IsToldAsync());
            await server.QuietAsync();
            var each = (server.ResidentBytes - before) / (double)waiters;
            var share = await server.ShareOfACoreAsync(TimeSpan.FromSeconds(4));
            var used = server.Processor;
            var asked = Time.GetUtcNow();
            if (jobs.Count == 1) await server.SendAsync(HttpMethod.Post, $"/v1/jobs/{jobs[0]}/cancel", new JsonObject());
            else await server.SendAsync(HttpMethod.Post, "/v1/jobs/bulk-cancel", new JsonObject { ["filter"] = "type:bench.wait status:queued" });
            if ((await Task.WhenAll(told)).Any(came => !came)) throw new InvalidOperationException("A waiter was left without an answer.");
            used = server.Processor - used;
            if (what is null) return;
            var late = all.ConvertAll(waiter => (waiter.ToldAt - (jobs.Count == 1 ? asked : waiter.ChangedAt())).TotalMilliseconds);
            late.Sort();
            figures.AtMost($"{what}: memory of the server beyond its start, each", each / 1024, 20, "KB");
            figures.Add($"{what}: while nothing happens", share * 100, "% of a core");
            figures.Add($"{what}: telling all took", used.TotalMilliseconds, "ms of a core");
            figures.Add($"{what}: half of them told after", late[late.Count / 2], "ms");
            figures.AtMost($"{what}: all told after", late[^1], 250, "ms");
        }
        finally
        {
            foreach (var waiter in all) waiter.Dispose();
        }
    }

    private static Waiter New(string job, string token, bool stream)
    {
        var rest = stream ? "/events HTTP/1.1\r\nAccept: text/event-stream" : " HTTP/1.1\r\nPrefer: wait=30";
        var request = $"GET /v1/jobs/{job}{rest}\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n";
        return new Waiter(Encoding.ASCII.GetBytes(request), stream ? "event: job.canceled" : "\"status\":\"canceled\"", stream ? null : "\"status\":\"queued\"");
    }
}
