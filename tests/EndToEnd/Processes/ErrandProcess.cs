using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Errand.EndToEnd.Tests;

/// <summary>The real executable, serving one data folder on one port of the loopback.</summary>
internal sealed class ErrandProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly StringBuilder _log;

    private ErrandProcess(Process process, StringBuilder log, Uri url) => (_process, _log, Url) = (process, log, url);

    public Uri Url { get; }

    public int Id => _process.Id;

    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public static string Executable { get; } = FindExecutable();

    /// <summary>Starts <c>errand serve</c> and returns when it is ready.</summary>
    public static Task<ErrandProcess> ServeAsync(string data, string? config = null, int? port = null) =>
        StartAsync(port ?? FreePort(), ["serve", "--data", data, .. config is null ? Array.Empty<string>() : ["--config", config]]);

    /// <summary>Starts <c>errand dev</c> and returns when it is ready.</summary>
    public static Task<ErrandProcess> DevAsync(params IReadOnlyList<string> arguments) => StartAsync(FreePort(), ["dev", .. arguments]);

    private static async Task<ErrandProcess> StartAsync(int port, IReadOnlyList<string> arguments)
    {
        var url = new Uri($"http://127.0.0.1:{port}");
        var log = new StringBuilder();
        var server = new ErrandProcess(Start([.. arguments, "--urls", url.ToString().TrimEnd('/')], log), log, url);
        using var client = new HttpClient();
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (server._process.HasExited) throw new InvalidOperationException($"errand {arguments[0]} ended with {server._process.ExitCode}:\n{server.Log}");
            try
            {
                using var answer = await client.GetAsync(new Uri(url, "/readyz"));
                if (answer.IsSuccessStatusCode) return server;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException($"errand {arguments[0]} is not ready after {Patience}:\n{server.Log}");
            await Wait.For(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>Runs a command of the executable to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(StartInfo(arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill();
            throw new TimeoutException($"errand {string.Join(' ', arguments)} has not ended after {Patience}:\n{await output}{await error}", e);
        }

        return (process.ExitCode, (await output).Trim(), (await error).Trim());
    }

    /// <summary>Makes a token for a data folder, with or without a server on it.</summary>
    public static async Task<string> CreateTokenAsync(string data, string subject = "e2e")
    {
        var (code, output, error) = await RunAsync(
            "token", "create", "--subject", subject, "--data", data, "-o", "id",
            "--scopes", "jobs.submit jobs.read jobs.read.input jobs.cancel jobs.work queues.manage jobs.admin");
        return code == 0 ? output : throw new InvalidOperationException($"errand token create ended with {code}: {error}");
    }

    public HttpClient Client(string token)
    {
        var client = new HttpClient { BaseAddress = Url, Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>kill -9: no handler runs, nothing is flushed that was not.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal by name: STOP, CONT, TERM.</summary>
    public Task SignalAsync(string signal) => SignalAsync(_process.Id, signal);

    public static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString()]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(string[] arguments, StringBuilder log)
    {
        var process = new Process { StartInfo = StartInfo(arguments) };
        void Append(object _, DataReceivedEventArgs line)
        {
            lock (log) log.AppendLine(line.Data);
        }

        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static ProcessStartInfo StartInfo(string[] arguments) => new(Executable, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    private static string FindExecutable([CallerFilePath] string here = "")
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "artifacts", "bin", "errand"));
        return File.Exists(path) ? path : throw new FileNotFoundException($"These tests run the real executable, and {path} is not there: run 'make build' first.");
    }
}
