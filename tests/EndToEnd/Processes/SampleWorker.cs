using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Errand.EndToEnd.Tests;

/// <summary>One of <c>samples/workers</c> in a process of its own.</summary>
internal sealed class SampleWorker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly StringBuilder _log = new();
    private readonly Process _process;

    private SampleWorker(Uri server, string token, string program, string script)
    {
        var start = new ProcessStartInfo(program, [script])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["ERRAND_URL"] = server.ToString();
        start.Environment["ERRAND_TOKEN"] = token;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public static SampleWorker Start(string language, Uri server, string token)
    {
        var folder = Path.Combine(Samples(), "workers", language);
        if (language == "typescript")
        {
            var script = Path.Combine(folder, "dist", "worker.js");
            return File.Exists(script)
                ? new SampleWorker(server, token, "node", script)
                : throw new FileNotFoundException($"{script} is not there: run 'make restore' first.");
        }

        var python = new[] { "/usr/bin/python3", "/usr/local/bin/python3" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(python is null, "No python3: install Debian's package python3 (eng/restore.sh does so as root).");
        return new SampleWorker(server, token, python, Path.Combine(folder, "worker.py"));
    }

    public async Task<int> StopAsync()
    {
        await ErrandProcess.SignalAsync(_process.Id, "TERM");
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_log) _log.AppendLine(line.Data);
    }

    private static string Samples([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "samples"));
}
