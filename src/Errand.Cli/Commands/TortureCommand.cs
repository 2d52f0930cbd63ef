using System.CommandLine;
using System.Security.Cryptography;
using Errand.Cli.Rendering;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;
using Errand.Cli.Torturing;
using Errand.Torture;

namespace Errand.Cli.Commands;

/// <summary><c>errand torture</c>: kills, stops and misleads real nodes and workers under load, and counts what became of every acknowledged job.</summary>
internal static class TortureCommand
{
    private const double MinutesDefault = 2;
    private const double MinutesMax = 24 * 60;
    private const int NodesMax = 9;

    public static Command Create(Terminal terminal)
    {
        var minutes = new Option<double>("--minutes") { Description = $"How long faults happen (default: {MinutesDefault})", HelpName = "N", DefaultValueFactory = _ => MinutesDefault };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= MinutesMax)) result.AddError($"--minutes takes a number above 0 and up to {MinutesMax}: --minutes 0.5");
        });
        var seed = new Option<int?>("--seed") { Description = "Draw the same faults and jobs again; the seed of a run is printed", HelpName = "S" };
        var storage = StorageArgument.Option();
        var nodes = new Option<int>("--nodes") { Description = "How many servers, on PostgreSQL (default: 1)", HelpName = "K", DefaultValueFactory = _ => 1 };
        nodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > NodesMax) result.AddError($"--nodes takes a number from 1 to {NodesMax}: --nodes 3");
        });
        var output = PrintOptions.Output();
        var roles = new TortureRoles(ServeOptions.Data(), ServeOptions.Config(), ServeOptions.Urls());
        var verb = new Verb(
            "torture", "Kill, stop and mislead servers and workers under load on this machine, and show that no acknowledged job is lost.",
            "errand torture --minutes 2", "errand torture --storage postgresql --nodes 3 --minutes 30")
        {
            minutes, seed, storage, nodes, output,
        };
        foreach (var option in roles.Options) verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(nodes) > 1 && result.GetValue(storage) is not { Store: TortureStore.PostgreSql })
            {
                result.AddError("--nodes: a SQLite file has one server. Add --storage postgresql to start a throw-away database, or --storage postgresql:CONNECTION.");
            }
        });
        return verb.Does(async (parse, cancellationToken) =>
        {
            if (await roles.PlayAsync(parse, terminal, cancellationToken) is { } played) return played;
            using var folder = TortureFolder.Make();
            var place = parse.GetValue(storage) ?? StorageArgument.Sqlite;
            var options = new TortureOptions
            {
                Program = Programs.Self(),
                Folder = folder.Path,
                Seed = parse.GetValue(seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue),
                Duration = TimeSpan.FromMinutes(parse.GetValue(minutes)),
                Store = place.Store,
                Connection = place.Connection,
                Nodes = parse.GetValue(nodes),
                Say = line => terminal.Error.WriteLine($"{terminal.Time.GetUtcNow():HH:mm:ss} {line}"),
            };
            terminal.Error.WriteLine($"Seed {options.Seed}. Everything lies in {folder.Path}.");
            var report = await TortureRun.RunAsync(options, cancellationToken);
            TortureSummary.Print(report, terminal, new Printer(terminal, parse.GetValue(output)));
            if (!report.Sound) return TortureSummary.TellWrong(report, folder, terminal);
            if (place.Connection is { } connection) await PostgreSqlSchemas.DropAsync(connection, options.Schema, cancellationToken);
            return ExitCodes.Ok;
        });
    }
}
