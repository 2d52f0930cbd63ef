using System.CommandLine;
using Errand.AspNetCore;
using Errand.Cli.Demo;
using Errand.Cli.Fakes;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;
using Errand.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.Cli.Commands;

/// <summary><c>errand dev</c>: a server for trying things, with a token, on a folder that is thrown away.</summary>
internal static class DevCommand
{
    public static Command Create(Terminal terminal)
    {
        var demo = new Option<bool>("--demo") { Description = "Declare the type demo.report and set some jobs moving" };
        var data = new Option<DirectoryInfo?>("--data")
        {
            Description = "Keep everything in this folder (default: a temporary one, removed at the end)",
            HelpName = "DIR",
        };
        var fake = DevFakes.Option();
        var seed = DevFakes.Seed();
        var config = ServeOptions.Config();
        var urls = ServeOptions.Urls();
        return new Verb("dev", "Run a server to try things on, with a token that may do everything.", "errand dev --demo",
            "errand dev --data ./dev-data --config errand.json",
            "errand dev --fake zendesk,workiva,alteryx --seed recorded.json")
        {
            demo, fake, seed, data, config, urls,
        }.Does(async (parse, cancellationToken) =>
        {
            var loaded = ServeOptions.Load(parse.GetValue(config), terminal);
            var fakes = new DevFakes(parse.GetValue(fake) ?? [], parse.GetValue(seed));
            fakes.Check(loaded);
            using var folder = DevFolder.Open(parse.GetValue(data));
            var options = new ErrandServerOptions
            {
                DataFolder = folder.Path,
                Config = loaded,
                Urls = parse.GetValue(urls) ?? [],
                LogLevel = LogLevel.Warning,
                Configure = errand =>
                {
                    if (parse.GetValue(demo)) DemoReport.Add(errand);
                    fakes.AddTo(errand);
                },
                Map = fakes.MapTo,
            };
            return await ServerRun.RunAsync(
                options, terminal, (app, address) =>
                    GreetAsync(app, address, parse.GetValue(demo), fakes, folder, terminal, cancellationToken), cancellationToken);
        });
    }

    private static async Task GreetAsync(
        WebApplication app, Uri address, bool demo, DevFakes fakes, DevFolder folder, Terminal terminal, CancellationToken cancellationToken)
    {
        var tokens = app.Services.GetRequiredService<AccessTokens>();
        var token = await tokens.CreateAsync(new NewToken("dev") { Scopes = [.. ErrandScopes.All] }, cancellationToken);
        DevBox.Print(terminal, folder);
        var url = address.GetLeftPart(UriPartial.Authority);
        await terminal.Out.WriteLineAsync($"Listening on {url}");
        await terminal.Out.WriteLineAsync($"export ERRAND_URL={url}\nexport ERRAND_TOKEN={token.Text}");
        await fakes.GreetAsync(app.Services, url, terminal, cancellationToken);
        if (!demo) return;
        var job = await DemoLoad.SubmitAsync(app.Services.GetRequiredService<IJobClients>(), cancellationToken);
        terminal.Error.WriteLine(DemoLoad.Hints(url, token.Text, job));
    }
}
