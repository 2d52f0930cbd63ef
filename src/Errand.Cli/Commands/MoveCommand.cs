using System.CommandLine;
using System.Globalization;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Server.Moving;
using Errand.Storage.PostgreSql;
using Errand.Storage.Sqlite;

namespace Errand.Cli.Commands;

/// <summary><c>errand move</c>: everything from SQLite into an empty PostgreSQL schema.</summary>
internal static class MoveCommand
{
    private const string From = "sqlite:";
    private const string To = "postgresql:";

    public static Command Create(Terminal terminal)
    {
        var from = Place("--from", From, "The data folder, as sqlite:DIR; no server may run on it", "sqlite:DIR");
        var to = Place("--to", To, "The database, as postgresql:CONNECTION", "postgresql:CONNECTION");
        var schema = new Option<string>("--schema") { Description = "The schema there", HelpName = "NAME", DefaultValueFactory = _ => new PostgreSqlStorageOptions().Schema };
        var output = PrintOptions.Output();
        var verb = new Verb(
            "move", "Move everything from SQLite to PostgreSQL, and compare both sides. May be repeated.",
            "errand move --from sqlite:/var/lib/errand --to \"postgresql:Host=db1;Database=errand;Username=errand\"",
            "errand move --from sqlite:errand-data --to \"postgresql:Host=localhost;Database=errand\" --schema errand_two") { from, to, schema, output };
        verb.SetAction(async (parse, cancellationToken) =>
        {
            await using var source = new SqliteStorage(new SqliteStorageOptions { DataFolder = FolderOf(parse.GetRequiredValue(from)), LockTimeout = TimeSpan.FromSeconds(2) }, terminal.Time);
            await using var target = TargetOf(parse.GetRequiredValue(to), parse.GetValue(schema)!, terminal);
            await source.Schema.MigrateAsync(terminal.Time.GetUtcNow(), cancellationToken);
            await target.Schema.MigrateAsync(terminal.Time.GetUtcNow(), cancellationToken);
            var moved = MoveResource.From(await StoreMove.RunAsync(source, target, cancellationToken));
            new Printer(terminal, parse.GetValue(output)).One(moved, moved.Digest, () => Show(moved, parse.GetRequiredValue(from), terminal));
            return moved.Missing.Count == 0 ? ExitCodes.Ok : ExitCodes.Unexpected;
        });
        return verb;
    }

    private static Option<string> Place(string name, string scheme, string description, string help)
    {
        var option = new Option<string>(name) { Description = description, HelpName = help, Required = true };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && (!text.StartsWith(scheme, StringComparison.Ordinal) || text.Length == scheme.Length))
            {
                result.AddError($"{name}: '{text}' must be {help}; a store is moved from SQLite to PostgreSQL.");
            }
        });
        return option;
    }

    private static string FolderOf(string from)
    {
        var folder = Path.GetFullPath(from[From.Length..]);
        return File.Exists(Path.Combine(folder, "errand.db"))
            ? folder
            : throw new CliException(ExitCodes.NotFound, $"there is no errand.db in {folder}: name the data folder of the server as --from sqlite:DIR.");
    }

    private static PostgreSqlStorage TargetOf(string to, string schema, Terminal terminal)
    {
        try
        {
            return new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = to[To.Length..], Schema = schema }, terminal.Time);
        }
        catch (ArgumentException e)
        {
            throw new CliException(ExitCodes.Usage, $"--to: {e.Message} Write it as \"postgresql:Host=db1;Database=errand;Username=errand\".");
        }
    }

    private static void Show(MoveResource moved, string from, Terminal terminal)
    {
        var table = new TextTable(["table", "rows"]);
        foreach (var one in moved.Tables) table.Add([one.Name, one.Rows.ToString(CultureInfo.InvariantCulture)]);
        table.Write(terminal.Out, terminal.OutIsScreen);
        terminal.Out.WriteLine(moved.WasThere ? "It had been moved before: both sides are the same, nothing was written." : "Moved. Both sides have the same rows.");
        terminal.Out.WriteLine($"digest {moved.Digest}");
        terminal.Error.WriteLine($"Serve the new one from now on, and start no server on {from[From.Length..]} again: put it away as a backup.");
        foreach (var location in moved.Missing) terminal.Error.WriteLine($"errand: this file is named by a job and was not in the data folder: {location}");
    }
}

/// <summary>What was moved, for scripts.</summary>
internal sealed record MoveResource(bool WasThere, IReadOnlyList<MovedTable> Tables, string Digest, IReadOnlyList<string> Missing)
{
    public static MoveResource From(MoveReport report) =>
        new(report.WasThere, [.. report.Tables.Select(table => new MovedTable(table.Name, table.Rows))], report.Digest, report.Missing);
}

/// <summary>A table and how many rows it has.</summary>
internal sealed record MovedTable(string Name, long Rows);
