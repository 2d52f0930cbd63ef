using System.Diagnostics;

namespace Errand.Load.Http;

/// <summary>A program that serves, until it is disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Process process;

    private ServerProcess(Process process, Uri url) => (this.process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>From before the process was made until its first answer.</summary>
    public TimeSpan Began { get; private set; }

    public double MiB
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1048576.0;
        }
    }

    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it and waits until the path is answered. The client has to be warm, or its own first request is counted.</summary>
    public static async Task<ServerProcess> StartAsync(HttpClient client, Uri url, string path, string program, params string[] arguments)
    {
        var since = Time.GetTimestamp();
        var started = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        started.OutputDataReceived += (_, _) => { };
        started.BeginOutputReadLine();
        var server = new ServerProcess(started, url);
        await server.ReadyAsync(client, path);
        server.Began = Time.GetElapsedTime(since);
        return server;
    }

    public async Task ReadyAsync(HttpClient client, string path)
    {
        while (true)
        {
            if (process.HasExited) throw new InvalidOperationException($"The server ended with {process.ExitCode}.");
            try
            {
                using var answer = await client.GetAsync(new Uri(Url, path));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(Pause, Time);
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
