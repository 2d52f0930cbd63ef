using Errand.Cli.Terminals;
using Errand.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Errand.Cli.Serving;

/// <summary>Runs a server until it is told to stop; then lets running handlers finish.</summary>
internal static class ServerRun
{
    /// <summary>Starts, tells where it listens, waits, stops.</summary>
    /// <param name="options">The server.</param>
    /// <param name="terminal">Its first line of output is <c>Listening on http://…</c>.</param>
    /// <param name="started">Called once it listens.</param>
    /// <param name="cancellationToken">The wish to stop.</param>
    public static async Task<int> RunAsync(
        ErrandServerOptions options, Terminal terminal, Func<WebApplication, Uri, Task> started, CancellationToken cancellationToken)
    {
        await using var app = ErrandServer.Create(options);
        try
        {
            await StartAsync(app, cancellationToken);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new CliException(
                ExitCodes.Conflict,
                $"{e.Message} Stop what listens there, or choose another address: --urls http://127.0.0.1:0 takes a free port.");
        }

        var address = new Uri(
            app.Urls.First().Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal).Replace(
                "://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal));
        await started(app, address);
        terminal.Listening?.Invoke(address);
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCodes.Ok;
    }

    // What had started before the rest failed is stopped in good order: sessions are closed, the folder is given back.
    private static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }
}
