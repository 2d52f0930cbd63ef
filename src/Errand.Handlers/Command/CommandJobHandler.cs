using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Errand.Handlers;

/// <summary>Runs a program: the input on its standard input, what it says as progress, items and messages, its files as outputs.</summary>
internal sealed class CommandJobHandler(
    CommandHandlerOptions options, Spawner spawner, ProcessTies ties, TimeProvider time, ILogger<CommandJobHandler> logger) : IJobHandler
{
    private const int TryAgain = 75;
    private const int LongestReason = 500;
    private readonly IReadOnlyList<string> _command = CommandLine.Resolve(options);

    public async ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(options.WorkRoot, context.Head, logger);
        var items = await CommandInput.WriteItemsAsync(context, folder.ItemsFile, cancellationToken);
        await using var dialogue = new CommandDialogue(context);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, dialogue.Broken);
        int code;
        using (var process = new CommandProcess(await spawner.StartAsync(Start(context, folder)), ties, folder.Mark, options.KillGrace, time))
            code = await process.RunAsync(CommandInput.Document(context, items), dialogue, stop.Token);

        await dialogue.CompleteAsync();
        if (code is 0 && dialogue.ResultTooLarge) return TooLarge;
        if (code is 0) return await SucceedAsync(context, folder, dialogue, cancellationToken);
        // A program that was told to stop and did so has no outcome of its own.
        cancellationToken.ThrowIfCancellationRequested();
        return Failed(code, dialogue.LastWarning);
    }

    private async Task<JobOutcome> SucceedAsync(JobContext context, WorkFolder folder, CommandDialogue dialogue, CancellationToken cancellationToken)
    {
        var (outputs, refused) = CommandOutputs.Find(folder.Path, options.Outputs);
        foreach (var file in refused)
            await context.LogAsync(JobSeverity.Warning, $"The file '{file}' is a link that leaves the working folder; it does not become an output.", cancellationToken: cancellationToken);
        foreach (var output in outputs) await context.PublishAsync(output, cancellationToken);
        return dialogue.Result is { } result ? new JobOutcome.Succeeded(result) : JobOutcome.Succeeded.Empty;
    }

    private static JobOutcome.Failed TooLarge { get; } = new(new JobError(
        JobErrorCodes.ResultTooLarge, $"The program gave a result of more than {HttpAnswer.ResultLimit / 1024} KiB; write a result this large to a file that becomes an output."));

    private JobOutcome.Failed Failed(int code, string? lastWarning)
    {
        var message = code > 128
            ? $"The program was ended by signal {code - 128}."
            : $"The program ended with exit code {code}.";
        if (lastWarning is { Length: > 0 }) message += $" It said: {(lastWarning.Length <= LongestReason ? lastWarning : lastWarning[..LongestReason] + "…")}";
        return new JobOutcome.Failed(new JobError($"exit_{code}", message, code is TryAgain || options.RetryableExitCodes.Contains(code)));
    }

    private ProcessStartInfo Start(JobContext context, WorkFolder folder)
    {
        var command = ties.Tie(_command);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Nothing of the server's own environment, which may hold its secrets.
        start.Environment.Clear();
        foreach (var (name, value) in options.Environment) start.Environment[name] = value;
        start.Environment.TryAdd("PATH", Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin");
        start.Environment.TryAdd("LANG", "C.UTF-8");
        start.Environment["HOME"] = folder.Path;
        start.Environment["ERRAND_JOB_ID"] = context.Head.Id.ToString();
        start.Environment["ERRAND_ATTEMPT"] = context.Attempt.ToString();
        start.Environment[MarkedProcesses.Variable] = folder.Mark;
        if (CommandInput.TraceParent(context) is { } trace) start.Environment["TRACEPARENT"] = trace;
        return start;
    }
}
