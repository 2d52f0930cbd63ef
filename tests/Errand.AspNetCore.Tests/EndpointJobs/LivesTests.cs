using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;

namespace Errand.AspNetCore.Tests;

/// <summary>An endpoint's job outlives the process that accepted it.</summary>
public sealed class LivesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("errand-exports-").FullName;
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_host_that_stops_gives_it_back_and_another_process_runs_it_by_its_declared_name()
    {
        string running, waiting, wrong;
        await using (var first = await ExportNode.StartAsync(folder, Map, withWorker: true))
        {
            running = await AcceptAsync(first, "2026-10");
            await started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }

        await using (var between = await ExportNode.StartAsync(folder, Map, withWorker: false))
        {
            var job = await between.As("mia").FetchAsync($"v1/jobs/{running}").JsonAsync(HttpStatusCode.OK);
            Assert.Equal(("queued", 0), (job.Text("status"), (int)job["attempt"]!));
            waiting = await AcceptAsync(between, "2026-11");
            wrong = await AcceptAsync(between, "2026-13");
        }

        string?[] ran = await RunElsewhereAsync(jobs: 3);
        Assert.Equal(["attempt 1 of 2026-10 for mia", "attempt 1 of 2026-11 for mia", "attempt 1 of 2026-13 for mia"], ran.Order(StringComparer.Ordinal));
        await using var last = await ExportNode.StartAsync(folder, app => ExportNode.MapRenamed(app), withWorker: true);
        foreach (var (id, month) in new[] { (running, "2026-10"), (waiting, "2026-11") })
        {
            var result = await last.As("mia").FetchAsync($"v1/jobs/{id}/result").JsonAsync(HttpStatusCode.OK);
            Assert.Equal($$"""{"month":"{{month}}","rows":3,"format":"pdf","owner":"mia","mail":"mia@example.com"}""", result.ToJsonString());
        }

        var failed = await last.As("mia").FetchAsync($"v1/jobs/{wrong}").JsonAsync(HttpStatusCode.OK);
        Assert.Equal("There is no such month.", failed["error"]!.Text("message"));
        var again = (await last.As("mia").PostAsync($"v1/jobs/{wrong}/retry", "{}").JsonAsync(HttpStatusCode.Accepted)).Text("id");
        var made = await last.As("mia").FetchAsync($"v1/jobs/{again}/result", ("Prefer", "wait=20")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal("2026-13", made.Text("month"));
    }

    private void Map(WebApplication app) => app.MapPost("/reports/{format}", async (ReportRequest request, string format, CancellationToken cancellationToken) =>
    {
        started.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }).RunsAsJob("report.export");

    private static async Task<string> AcceptAsync(ExportNode node, string month) =>
        (await node.As("mia").PostAsync("reports/pdf", $$"""{"month":"{{month}}","rows":3}""").JsonAsync(HttpStatusCode.Accepted)).Text("id");

    private async Task<string?[]> RunElsewhereAsync(int jobs)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [ExportNode.Argument, folder])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        try
        {
            var lines = new string?[jobs];
            for (var i = 0; i < jobs; i++) lines[i] = await process.StandardOutput.ReadLineAsync(patience.Token);
            await process.StandardInput.WriteLineAsync("enough");
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal(0, process.ExitCode);
            return lines;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
