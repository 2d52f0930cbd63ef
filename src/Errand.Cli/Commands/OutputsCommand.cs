using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand outputs ID</c>: the files that a job published, and their download.</summary>
internal static class OutputsCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = JobArguments.Id();
        var download = new Option<DirectoryInfo?>("--download") { Description = "Fetch them into this folder", HelpName = "DIR" };
        var format = new Option<string?>("--format") { Description = "Only this format: csv, json, …", HelpName = "FORMAT" };
        return new ClientVerb(
            terminal, "outputs", "List a job's outputs, or download them.", "errand outputs ID",
            "errand outputs ID --download . --format csv")
        {
            id, download, format,
        }.Does(async (run, cancellationToken) =>
        {
            var outputs = run.Client.OutputsAsync(run.Get(id), cancellationToken);
            if (run.Get(download) is { } folder)
            {
                var files = new OutputDownloads(run, folder).FetchAsync(run.Get(id), outputs, run.Get(format), cancellationToken);
                return await files == 0 ? None(run, run.Get(format)) : ExitCodes.Ok;
            }

            var count = await run.Print.ManyAsync(outputs, output => output.Id, ["id", "file", "formats", "size", "digest"], Row);
            if (count == 0) run.Note("No outputs.");
            return ExitCodes.Ok;
        });
    }

    private static int None(ClientRun run, string? format) =>
        format is null
            ? Say(run, "No outputs.", ExitCodes.Ok)
            : Say(run, $"No output has the format '{format}'; 'errand outputs' lists what there is.", ExitCodes.NotFound);

    private static int Say(ClientRun run, string text, int code)
    {
        run.Note(text);
        return code;
    }

    private static Paint[] Row(OutputResource output) =>
        [output.Id, output.FileName, string.Join(' ', output.AvailableFormats), When.Size(output.Size), output.Digest];
}
