using System.CommandLine;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;
using Errand.Server;
using Microsoft.Extensions.Logging;

namespace Errand.Cli.Commands;

/// <summary><c>errand serve</c>: the server, on one data folder.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var urls = ServeOptions.Urls();
        var data = ServeOptions.Data();
        var config = ServeOptions.Config();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Log warnings and errors only" };
        return new Verb(
            "serve", "Run a server on a data folder.", "errand serve --data /var/lib/errand --config /etc/errand/errand.json",
            "errand serve --urls http://127.0.0.1:0")
        {
            urls, data, config, quiet,
        }.Does((parse, cancellationToken) =>
        {
            var options = new ErrandServerOptions
            {
                DataFolder = ServeOptions.Folder(parse.GetValue(data)),
                Config = ServeOptions.Load(parse.GetValue(config), terminal),
                Urls = parse.GetValue(urls) ?? [],
                LogLevel = parse.GetValue(quiet) ? LogLevel.Warning : LogLevel.Information,
            };
            return ServerRun.RunAsync(
                options, terminal, (_, address) =>
                    terminal.Out.WriteLineAsync($"Listening on {address.GetLeftPart(UriPartial.Authority)}"), cancellationToken);
        });
    }
}
