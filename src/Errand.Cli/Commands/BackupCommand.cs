using System.CommandLine;
using System.Globalization;
using Errand.Cli.Rendering;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;
using Errand.Storage.Sqlite;

namespace Errand.Cli.Commands;

/// <summary><c>errand backup</c>: a copy of the data folder as of one instant, while its server runs.</summary>
internal static class BackupCommand
{
    public static Command Create(Terminal terminal)
    {
        var to = new Option<DirectoryInfo>("--to") { Description = "The folder of the copy; new, or empty", HelpName = "DIR", Required = true };
        var (data, config, output) = (ServeOptions.Data(), ServeOptions.Config(), PrintOptions.Output());
        var verb = new Verb(
            "backup", "Copy a data folder while its server runs: database and files, as of one instant.",
            "errand backup --data /var/lib/errand --to /backup/errand-2026-11-27", "errand serve --data /backup/errand-2026-11-27") { to, data, config, output };
        verb.SetAction(async (parse, cancellationToken) =>
        {
            var storage = ServeOptions.Load(parse.GetValue(config), terminal).Storage;
            if (storage.PostgreSql is not null)
            {
                throw new CliException(
                    ExitCodes.Usage, "the configuration names a PostgreSQL database, which is backed up with its own tools: pg_basebackup with archived WAL, or pg_dump.");
            }

            var report = await SqliteBackup.WriteAsync(
                new SqliteStorageOptions { DataFolder = ServeOptions.Folder(parse.GetValue(data)), DatabaseFile = storage.DatabaseFile },
                parse.GetRequiredValue(to).FullName, cancellationToken);
            var written = BackupResource.From(report);
            new Printer(terminal, parse.GetValue(output)).One(written, written.Folder, () => Show(written, terminal));
            return report.Missing.Count == 0 ? ExitCodes.Ok : ExitCodes.Unexpected;
        });
        return verb;
    }

    private static void Show(BackupResource written, Terminal terminal)
    {
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{written.Folder}: {written.Jobs} jobs in {written.DatabaseBytes} bytes, {written.Files} files in {written.FileBytes} bytes, checked against their digests.");
        terminal.Out.WriteLine(facts);
        foreach (var location in written.Missing) terminal.Error.WriteLine($"errand: the store itself lacks this file, or has another one than was published: {location}");
    }
}

/// <summary>What a backup holds, for scripts.</summary>
internal sealed record BackupResource(string Folder, long DatabaseBytes, long Jobs, long Tokens, int Files, long FileBytes, IReadOnlyList<string> Missing)
{
    public static BackupResource From(SqliteBackupReport report) =>
        new(report.Folder, report.DatabaseBytes, report.Jobs, report.Tokens, report.Files, report.FileBytes, report.Missing);
}
