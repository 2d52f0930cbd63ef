using System.Diagnostics;
using System.Text.Json;

namespace Errand.EndToEnd.Tests;

/// <summary>A worker in a process of its own, speaking the worker-session API from Node.</summary>
internal sealed class RemoteWorker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly Process _process;

    public RemoteWorker(Uri server, string token, string type, TimeSpan work, string result)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Workers", "slow-worker.mjs");
        var start = new ProcessStartInfo("node", [script, type, ((int)work.TotalMilliseconds).ToString(), result])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["ERRAND_URL"] = server.ToString().TrimEnd('/');
        start.Environment["ERRAND_TOKEN"] = token;
        _process = Process.Start(start)!;
    }

    public Task StopAsync() => ErrandProcess.SignalAsync(_process.Id, "STOP");

    public Task ContinueAsync() => ErrandProcess.SignalAsync(_process.Id, "CONT");

    /// <summary>Reads lines until one has the member.</summary>
    public async Task<JsonElement> ReadAsync(string member)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            var said = JsonDocument.Parse(line).RootElement;
            if (said.TryGetProperty("error", out var error)) Assert.Fail($"the worker cannot work: {error}");
            if (said.TryGetProperty(member, out var value)) return value;
        }

        throw new InvalidOperationException($"the worker ended without saying '{member}'");
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
