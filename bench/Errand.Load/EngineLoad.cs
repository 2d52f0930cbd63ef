namespace Errand.Load;

/// <summary>The engine in process, over SQLite with synchronous=FULL: submit, execute, pick up.</summary>
internal sealed class EngineLoad(Report report)
{
    private const int BulkJobs = 100_000;
    private static readonly TimeProvider Time = TimeProvider.System;

    public async Task RunAsync()
    {
        await SubmitsAsync();
        await ExecutionAsync();
        await PickUpAsync();
    }

    private async Task SubmitsAsync()
    {
        await using var host = await EngineHost.StartAsync(paused: true);
        foreach (var callers in new[] { 1, 16, 64 })
        {
            var each = callers == 1 ? 3_000 : 20_000 / callers;
            var started = Time.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
            {
                for (var n = 0; n < each; n++) await host.Client.SubmitAsync(EngineHost.New());
            })));
            report.Add($"submit one at a time, {callers} callers", each * callers / Time.GetElapsedTime(started).TotalSeconds, "jobs/s");
        }

        foreach (var callers in new[] { 1, 4 })
        {
            var started = Time.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => host.SubmitAsync(BulkJobs / callers))));
            report.Add($"bulk submit, 1,000 a call, {callers} callers", BulkJobs / Time.GetElapsedTime(started).TotalSeconds, "jobs/s");
        }
    }

    private async Task ExecutionAsync()
    {
        await using var host = await EngineHost.StartAsync(paused: true);
        await host.SubmitAsync(BulkJobs);
        var started = Time.GetTimestamp();
        await host.ResumeAsync();
        await host.WaitForSettledAsync(BulkJobs);
        report.Add($"execute {BulkJobs:N0} queued no-op jobs", BulkJobs / Time.GetElapsedTime(started).TotalSeconds, "jobs/s");
    }

    private async Task PickUpAsync()
    {
        await using var host = await EngineHost.StartAsync(paused: false);
        var waits = new List<double>();
        for (var n = 0; n < 600; n++)
        {
            var start = host.NextStart();
            var submitted = Time.GetTimestamp();
            await host.Client.SubmitAsync(EngineHost.New());
            var begun = await start;
            if (n >= 100) waits.Add(Time.GetElapsedTime(submitted, begun).TotalMilliseconds);
        }

        waits.Sort();
        report.Add("submit to start on an idle system, p50", waits[waits.Count / 2], "ms");
        report.Add("submit to start on an idle system, p99", waits[waits.Count * 99 / 100], "ms");
    }
}
