using System.Globalization;
using System.Text.Json.Nodes;
using Errand.Curves.Machinery;

namespace Errand.Curves.Progress;

/// <summary>
/// A thousand running jobs of a worker elsewhere, each of which reports ten times a second: what that costs the server, and how old what a
/// reader sees can be. The worker sends all that its jobs have to say in one request, as workers do, ten times a second.
/// </summary>
internal sealed class ProgressPart(Figures figures, string executable, int jobs)
{
    private const string Type = "bench.wait";
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    public async Task RunAsync()
    {
        foreach (var make in Store.All)
        {
            await MeasureAsync(make, Between);
            await MeasureAsync(make, TimeSpan.FromSeconds(1));
        }
    }

    private async Task MeasureAsync(Func<Store> make, TimeSpan between)
    {
        await using var store = make();
        var token = (await store.PrepareAsync(1))[0];
        await using var server = await PublishedServer.StartAsync(executable, store, token, worker: new JsonObject { ["slowStart"] = "1s" });
        var ids = await server.SubmitAsync(Type, jobs);
        var (session, leases) = await ClaimAsync(server);
        using var stop = new CancellationTokenSource();
        var reporting = Task.Run(() => ReportAsync(server, session, leases, between, stop.Token));
        await Task.Delay(TimeSpan.FromSeconds(3), Time);
        var share = server.ShareOfACoreAsync(Length);
        var ages = await AgesAsync(server, ids, between, share);
        await stop.CancelAsync();
        var sent = await reporting;
        var what = $"{store.Name}, {jobs:N0} running jobs, {1 / between.TotalSeconds:0} reports/s each";
        figures.Add($"{what}: reports taken", sent, "/s");
        figures.AtMost($"{what}: the server", await share * 100, 15, "% of a core");
        figures.Add($"{what}: half of what a reader sees is younger than", ages[ages.Count / 2], "ms");
        figures.AtMost($"{what}: the oldest that a reader saw", ages[^1], 1_000 + between.TotalMilliseconds, "ms");
    }

    private async Task<(string Session, List<string> Leases)> ClaimAsync(PublishedServer server)
    {
        var opened = await server.SendAsync(
            HttpMethod.Post, "/v1/worker-sessions", new JsonObject { ["worker"] = "bench", ["types"] = new JsonArray(Type), ["slots"] = jobs });
        var session = opened["id"]!.GetValue<string>();
        var leases = new List<string>();
        while (leases.Count < jobs)
        {
            var demand = new JsonObject { ["queue"] = "default", ["limit"] = Math.Min(200, jobs - leases.Count) };
            var claimed = await server.SendAsync(HttpMethod.Post, $"/v1/worker-sessions/{session}/claim", new JsonObject { ["demands"] = new JsonArray(demand) });
            if (claimed["jobs"] is null)
            {
                // The slots of a session open one after the other, within the second of the configuration.
                await server.SendAsync(HttpMethod.Post, $"/v1/worker-sessions/{session}/beat");
                await Task.Delay(TimeSpan.FromMilliseconds(100), Time);
                continue;
            }

            leases.AddRange(claimed["jobs"]!.AsArray().Select(job => job!["lease"]!.GetValue<string>()));
        }

        return (session, leases);
    }

    /// <summary>The message of a report is when it was made, so that a reader can tell how old it is. How many reports a second were taken.</summary>
    private static async Task<double> ReportAsync(PublishedServer server, string session, List<string> leases, TimeSpan between, CancellationToken stop)
    {
        var (begun, reports) = (Time.GetTimestamp(), 0L);
        using var timer = new PeriodicTimer(between, Time);
        while (!stop.IsCancellationRequested)
        {
            var made = Time.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture);
            var beat = leases.Select(lease => (JsonNode)new JsonObject { ["lease"] = lease, ["progress"] = new JsonObject { ["completed"] = reports, ["message"] = made } });
            var answer = await server.SendAsync(HttpMethod.Post, $"/v1/worker-sessions/{session}/beat", new JsonObject { ["leases"] = new JsonArray([.. beat]) });
            if (answer["lost"]!.AsArray().Count > 0) throw new InvalidOperationException("The server has given running jobs away.");
            reports += leases.Count;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return reports / Time.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Reads one job after another, fifty a second, so that reading costs the server next to nothing.</summary>
    private static async Task<List<double>> AgesAsync(PublishedServer server, IReadOnlyList<string> ids, TimeSpan between, Task until)
    {
        var ages = new List<double>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), Time);
        for (var n = 0; !until.IsCompleted; n++)
        {
            var job = await server.SendAsync(HttpMethod.Get, $"/v1/jobs/{ids[n * 7 % ids.Count]}");
            var made = long.Parse(job["progress"]!["message"]!.GetValue<string>(), CultureInfo.InvariantCulture);
            ages.Add(TimeSpan.FromTicks(Time.GetUtcNow().UtcTicks - made).TotalMilliseconds);
            await timer.WaitForNextTickAsync();
        }

        ages.Sort();
        return ages;
    }
}
