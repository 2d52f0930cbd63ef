using System.Diagnostics;
using System.Text;
using Errand.Curves.Machinery;

namespace Errand.Curves.Streams;

/// <summary>As many event streams on a bare Kestrel: what of the memory of a stream, and of the time until all are told, is not ours.</summary>
internal sealed class BarePart(Figures figures, int waiters)
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly byte[] First = Encoding.ASCII.GetBytes("event: job.snapshot");

    public async Task RunAsync()
    {
        using var process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, ["bare"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            var url = new Uri((await process.StandardOutput.ReadLineAsync())![BareKestrel.Listening.Length..]);
            var before = ProcessMemory.ResidentBytes(process.Id);
            await RoundAsync(process, url, before, report: false);
            await RoundAsync(process, url, before, report: true);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private async Task RoundAsync(Process process, Uri url, long before, bool report)
    {
        var request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
        var all = Enumerable.Range(0, waiters).Select(_ => new Waiter(request, "event: job.canceled")).ToList();
        try
        {
            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (waiter, _) =>
            {
                await waiter.BeginAsync(url);
                if (!await waiter.HearsAsync(First)) throw new InvalidOperationException("A stream ended before it began.");
            });
            var told = all.ConvertAll(waiter => waiter.IsToldAsync());
            await Task.Delay(TimeSpan.FromSeconds(2), Time);
            var each = (ProcessMemory.ResidentBytes(process.Id) - before) / (double)waiters;
            var asked = Time.GetUtcNow();
            using (var client = new HttpClient()) (await client.PostAsync(url, null)).EnsureSuccessStatusCode();
            if ((await Task.WhenAll(told)).Any(came => !came)) throw new InvalidOperationException("A waiter was left without an answer.");
            if (!report) return;
            figures.Add($"bare Kestrel, {waiters:N0} event streams: memory beyond its start, each", each / 1024, "KB");
            figures.Add($"bare Kestrel, {waiters:N0} event streams: all told after", (all.Max(waiter => waiter.ToldAt) - asked).TotalMilliseconds, "ms");
        }
        finally
        {
            foreach (var waiter in all) waiter.Dispose();
        }
    }
}
