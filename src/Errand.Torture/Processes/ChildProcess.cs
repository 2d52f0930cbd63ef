using System.Diagnostics;
using System.Globalization;

namespace Errand.Torture.Processes;

/// <summary>A process that can be started, signalled, killed and started again. What it prints goes to a file; the last lines are kept.</summary>
internal sealed class ChildProcess(string name, Func<ProcessStartInfo> program, string log) : IAsyncDisposable
{
    private const int LinesKept = 60;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(45);

    private readonly Queue<string> _lines = new();
    private readonly Lock _gate = new();
    private Process? _process;

    public string Name => name;

    /// <summary>A fault has it; no second one takes it meanwhile.</summary>
    public bool Taken { get; set; }

    public bool Running => _process is { HasExited: false };

    /// <summary>Null while it does not run.</summary>
    public int? Id => _process is { HasExited: false } running ? running.Id : null;

    public int? ExitCode => _process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>The last lines that it printed.</summary>
    public string Tail
    {
        get
        {
            lock (_gate) return string.Join('\n', _lines);
        }
    }

    public void Start()
    {
        var start = program();
        (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, false);
        _process?.Dispose();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>kill -9: no handler runs, nothing is flushed that was not.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false } running) return;
        running.Kill(entireProcessTree: false);
        await running.WaitForExitAsync();
    }

    /// <summary>Asks it to stop in good order; kills it when it does not.</summary>
    public async Task<int> StopAsync()
    {
        if (_process is not { } running) return 0;
        await SignalAsync("TERM");
        using var patience = new CancellationTokenSource(StopPatience, TimeProvider.System);
        try
        {
            await running.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }

        return running.ExitCode;
    }

    /// <summary>Sends a signal by name: STOP, CONT, TERM.</summary>
    public async Task SignalAsync(string signal)
    {
        if (_process is { HasExited: false } running) await Commands.RunAsync("kill", [$"-{signal}", running.Id.ToString(CultureInfo.InvariantCulture)]);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _process = null;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            File.AppendAllText(log, line + "\n");
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept) _lines.Dequeue();
        }
    }
}
