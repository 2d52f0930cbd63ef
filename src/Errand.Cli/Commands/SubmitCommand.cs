using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Terminals;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand submit TYPE</c>: makes a job, with its items from a file of any length.</summary>
internal static class SubmitCommand
{
    public static Command Create(Terminal terminal)
    {
        var type = new Argument<string>("type") { Description = "What to run: a type that the server knows, see 'errand types'" };
        var data = new Option<string?>("--data", "-d")
        {
            Description = "The input: JSON, @FILE, or - for standard input",
            HelpName = "JSON",
        };
        var items = new Option<FileInfo?>("--items")
        {
            Description = "The items of a batch: FILE.csv, .jsonl, .ndjson or .json",
            HelpName = "FILE",
        };
        var key = new Option<string?>("--idempotency-key")
        {
            Description = "Sending the same again with this key gives the same job",
            HelpName = "KEY",
        };
        var wait = new Option<bool>("--wait") { Description = "Wait until the job is finished; the exit code tells how it ended" };
        var timeout = JobArguments.Timeout();
        var queue = new Option<string?>("--queue") { Description = "The queue, where it is not the type's", HelpName = "NAME" };
        var priority = new Option<int?>("--priority") { Description = "0 to 9, 9 the most urgent (default 5)", HelpName = "N" };
        var labels = new Option<Dictionary<string, string>?>("--label", "-l")
        {
            Description = "A label, to find the job by",
            HelpName = "NAME=VALUE",
            CustomParser = JobArguments.Pairs,
        };
        var delay = JobArguments.Duration("--delay", "Do not run before this time has passed: 10m");
        var attempts = new Option<int?>("--max-attempts") { Description = "How many failed attempts end the job", HelpName = "N" };
        var unique = new Option<string?>("--unique-key")
        {
            Description = "While a job with this key lives, no other is made",
            HelpName = "KEY",
        };

        return new ClientVerb(
            terminal, "submit", "Submit a job.", "errand submit report.export -d '{\"month\":\"2026-10\"}' --wait",
            "errand submit tickets.update --items tickets.csv -o id | xargs errand watch")
        {
            type, data, items, key, wait, timeout, queue, priority, labels, delay, attempts, unique,
        }.Does(async (run, cancellationToken) =>
        {
            var request = new SubmitJobRequest
            {
                Type = run.Get(type),
                Input = await Documents.ReadAsync("--data", run.Get(data), run.Terminal, cancellationToken),
                ItemsFrom = run.Get(items) is { } file ? await UploadAsync(file, run, cancellationToken) : null,
                Queue = run.Get(queue),
                Priority = run.Get(priority),
                Labels = run.Get(labels),
                Delay = run.Get(delay),
                MaxAttempts = run.Get(attempts),
                UniqueKey = run.Get(unique),
            };
            var submitted = await run.Client.SubmitAsync(request, run.Get(key), cancellationToken);
            if (submitted.Replayed) run.Note("The same request had been accepted before; this is its job.");
            if (submitted.Reused) run.Note("A live job has the unique key; this is that job.");
            return run.Get(wait)
                ? await FinishAsync(submitted.Job, run, run.Get(timeout), cancellationToken)
                : Show(submitted.Job, run);
        });
    }

    private static int Show(JobResource job, ClientRun run)
    {
        run.Print.One(job, job.Id, () => JobView.Details(job, run.Terminal));
        return ExitCodes.Ok;
    }

    private static async Task<int> FinishAsync(JobResource job, ClientRun run, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        run.Note($"Submitted {job.Type} as {job.Id}.");
        var last = await Waiting.FollowAsync(run, job.Id!, timeout, cancellationToken);
        run.Print.One(last, last.Id, () => JobView.Details(last, run.Terminal));
        return JobWords.ExitCode(last);
    }

    private static async Task<string> UploadAsync(FileInfo file, ClientRun run, CancellationToken cancellationToken)
    {
        var mediaType = file.Extension.ToLowerInvariant() switch
        {
            ".csv" => "text/csv",
            ".jsonl" or ".ndjson" => "application/x-ndjson",
            ".json" => "application/json",
            _ => throw new CliException(ExitCodes.Usage, $"--items {file}: the name must end in .csv, .jsonl, .ndjson or .json."),
        };
        try
        {
            await using var content = file.OpenRead();
            var upload = await run.Client.UploadAsync(mediaType, content, cancellationToken);
            run.Note($"Uploaded {file.Name}: {upload.Items} items, {upload.Digest}.");
            return upload.Id;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"--items {file} cannot be read: {e.Message}");
        }
    }
}
