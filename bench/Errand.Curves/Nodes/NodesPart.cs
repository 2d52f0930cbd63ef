using System.Diagnostics;
using Errand.Curves.Machinery;
using Errand.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Curves.Nodes;

/// <summary>
/// The same queue of jobs that do nothing, worked off by one, two and four nodes on one PostgreSQL. All of it shares the cores of this machine,
/// so more nodes cannot be faster here; they must not be slower, as they would be if they fought over rows.
/// </summary>
internal sealed class NodesPart(Figures figures, int jobs, int rounds)
{
    private static readonly TimeProvider Time = TimeProvider.System;

    public async Task RunAsync()
    {
        var counts = new[] { 1, 2, 4 };
        var rates = counts.ToDictionary(count => count, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var count in counts) rates[count].Add(await MeasureAsync(count));
        }

        var one = Middle(rates[1]);
        figures.Add($"PostgreSQL, {jobs:N0} jobs that do nothing, 1 node", one, "jobs/s");
        foreach (var count in counts.Skip(1))
        {
            var rate = Middle(rates[count]);
            figures.Add($"PostgreSQL, {jobs:N0} jobs that do nothing, {count} nodes", rate, "jobs/s");
            figures.AtLeast($"{count} nodes in terms of one", rate / one, 0.9, "×");
        }
    }

    private async Task<double> MeasureAsync(int nodes)
    {
        await using var store = Store.PostgreSql();
        await store.PrepareAsync(0);
        using var host = Node.Build(store.Connection!, store.Schema, work: false);
        await host.StartAsync();
        var queues = host.Services.GetRequiredService<IJobQueues>();
        await queues.SaveAsync(new QueueSettings(JobNames.DefaultQueue, Paused: true));
        var client = host.Services.GetRequiredService<IJobClients>().For(JobCaller.System());
        for (var n = 0; n < jobs; n += 1_000)
        {
            await client.SubmitManyAsync([.. Enumerable.Range(0, 1_000).Select(_ => new JobSubmission { Type = Node.Type })], atomic: true);
        }

        var processes = Enumerable.Range(0, nodes).Select(_ => Start(store)).ToList();
        try
        {
            foreach (var process in processes)
            {
                if (await process.StandardOutput.ReadLineAsync() != "ready") throw new InvalidOperationException("A node did not start.");
            }

            var begun = Time.GetTimestamp();
            await queues.SaveAsync(new QueueSettings(JobNames.DefaultQueue));
            while ((await queues.CountAsync(null)).Where(count => count.State == JobState.Succeeded).Sum(count => count.Jobs) < jobs)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), Time);
            }

            return jobs / Time.GetElapsedTime(begun).TotalSeconds;
        }
        finally
        {
            foreach (var process in processes)
            {
                process.StandardInput.Close();
                await process.WaitForExitAsync();
                process.Dispose();
            }

            await host.StopAsync();
        }
    }

    private static Process Start(Store store) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, ["node", store.Connection!, store.Schema]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
