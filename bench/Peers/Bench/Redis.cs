using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Errand.Peers.Bench;

/// <summary>A Redis of its own for each block, which flushes its log before each answer.</summary>
internal sealed class Redis : IAsyncDisposable
{
    private readonly Process _server;

    private Redis(Process server, int port) => (_server, Port) = (server, port);

    public int Port { get; }

    public static async Task<string> VersionAsync() => (await Processes.RunAsync("redis-server", ["--version"], TimeSpan.FromSeconds(10))).Split("v=")[1].Split(' ')[0];

    public static async Task<Redis> StartAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var port = Postgres.FreePort();
        string[] arguments =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always",
            "--maxmemory-policy", "noeviction", "--logfile", Path.Combine(folder, "log"), "--pidfile", Path.Combine(folder, "redis.pid"),
        ];
        var redis = new Redis(Process.Start(new ProcessStartInfo("redis-server", arguments) { UseShellExecute = false })!, port);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", port, late.Token);
                return redis;
            }
            catch (SocketException) when (!redis._server.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, late.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }
}
