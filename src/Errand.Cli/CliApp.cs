using System.CommandLine;
using Errand.Cli.Commands;
using Errand.Cli.Help;
using Errand.Cli.Terminals;

namespace Errand.Cli;

/// <summary>The command line as a function of its arguments and its terminal.</summary>
internal static class CliApp
{
    // To System.CommandLine an argument @file is a file of arguments; here it is a file of JSON.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command; never throws.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var parse = Root(terminal).Parse(args, Parser);
        if (parse.Action is System.CommandLine.Invocation.ParseErrorAction) return UsageErrors.Tell(parse, terminal);
        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = terminal.Out,
                Error = terminal.Error,
                ProcessTerminationTimeout = null,
            };
            return await parse.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception e)
        {
            return Failures.Tell(e, terminal);
        }
    }

    /// <summary>The tree of commands: the order is the order of <c>errand --help</c>.</summary>
    public static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Errand is what comes after 202 Accepted: durable jobs, run, and their status served.")
        {
            ServeCommand.Create(terminal),
            DevCommand.Create(terminal),
            SubmitCommand.Create(terminal),
            ListCommand.Create(terminal),
            ShowCommand.Create(terminal),
            WatchCommand.Create(terminal),
            WaitCommand.Create(terminal),
            LogsCommand.Create(terminal),
            ItemsCommand.Create(terminal),
            ResultCommand.Create(terminal),
            OutputsCommand.Create(terminal),
            CancelCommand.Create(terminal),
            RetryCommand.Create(terminal),
            WhyCommand.Create(terminal),
            QueueCommand.Create(terminal),
            ScheduleCommand.Create(terminal),
            TypesCommand.Create(terminal),
            FakeCommand.Create(terminal),
            TokenCommand.Create(terminal),
            ClientCommand.Create(terminal),
            CollectionCommand.Create(terminal),
            HashCommand.Create(terminal),
            BackupCommand.Create(terminal),
            MoveCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            TortureCommand.Create(terminal),
            ApiCommand.Create(terminal),
            CompletionCommand.Create(terminal),
            HelpCommand.Create(terminal),
        };
        ExamplesHelp.Attach(root);
        return root;
    }
}
