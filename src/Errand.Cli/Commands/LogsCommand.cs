using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand logs ID</c>: the lines of a job's log.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(Terminal terminal)
    {
        var id = JobArguments.Id();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the job is finished" };
        var level = new Option<JobSeverity?>("--level")
        {
            Description = "At least this grave: debug, info, warning or error",
            HelpName = "SEVERITY",
        };
        var attempt = new Option<int?>("--attempt") { Description = "Of this attempt only", HelpName = "N" };
        return new ClientVerb(
            terminal, "logs", "Show a job's log.", "errand logs ID -f", "errand logs ID --level warning --attempt 2")
        {
            id, follow, level, attempt,
        }
            .Does(async (run, cancellationToken) =>
            {
                long? after = null;
                while (true)
                {
                    // The state is read before the lines: whatever a finished job said is there by then.
                    var done = !run.Get(follow) || (await run.Client.GetAsync(run.Get(id), cancellationToken: cancellationToken)).Job.Done;
                    await foreach (var message in run.Client.MessagesAsync(
                        run.Get(id), run.Get(level), run.Get(attempt), after, cancellationToken))
                    {
                        after = message.Sequence;
                        Print(message, run);
                    }

                    if (done) return ExitCodes.Ok;
                    await Task.Delay(Pause, run.Terminal.Time, cancellationToken);
                }
            });
    }

    private static void Print(MessageResource message, ClientRun run)
    {
        if (!run.Print.IsTable)
        {
            run.Print.Line(message);
            return;
        }

        var screen = run.Print.Screen;
        var word = Paint.Word(WireWords.Of(message.Severity));
        var room = new string(' ', Math.Max(0, 7 - word.Text.Length));
        var source = message.Source is { } number ? $"[{number}] " : "";
        run.Terminal.Out.WriteLine(
            $"{Paint.Faint(When.At(message.Time)).On(screen)}  {word.On(screen)}{room}  {source}{Paint.Plain(message.Text)}");
    }
}
