using System.CommandLine;
using Errand.Cli.Commands;
using Errand.Cli.Help;
using Errand.Cli.Terminals;

namespace Errand.Cli;

/// <summary>The command line as a function of its arguments and its terminal.</summary>
internal static class CliApp
{
    private static readonly (string Name, Func<Terminal, Command> Create)[] Verbs =
    [
        ("serve", ServeCommand.Create),
        ("dev", DevCommand.Create),
        ("submit", SubmitCommand.Create),
        ("list", ListCommand.Create),
        ("show", ShowCommand.Create),
        ("watch", WatchCommand.Create),
        ("wait", WaitCommand.Create),
        ("logs", LogsCommand.Create),
        ("items", ItemsCommand.Create),
        ("result", ResultCommand.Create),
        ("outputs", OutputsCommand.Create),
        ("cancel", CancelCommand.Create),
        ("retry", RetryCommand.Create),
        ("why", WhyCommand.Create),
        ("queue", QueueCommand.Create),
        ("schedule", ScheduleCommand.Create),
        ("types", TypesCommand.Create),
        ("fake", FakeCommand.Create),
        ("token", TokenCommand.Create),
        ("client", ClientCommand.Create),
        ("collection", CollectionCommand.Create),
        ("hash", HashCommand.Create),
        ("backup", BackupCommand.Create),
        ("move", MoveCommand.Create),
        ("doctor", DoctorCommand.Create),
        ("torture", TortureCommand.Create),
        ("api", ApiCommand.Create),
        ("completion", CompletionCommand.Create),
        ("help", HelpCommand.Create),
    ];

    // To System.CommandLine an argument @file is a file of arguments; here it is a file of JSON.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command; never throws.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var parse = Root(terminal, args.FirstOrDefault()).Parse(args, Parser);
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
    /// <param name="terminal">Where they speak.</param>
    /// <param name="asked">The verb that was typed: the others are not made then, which a start need not wait for.</param>
    public static RootCommand Root(Terminal terminal, string? asked = null)
    {
        var root = new RootCommand("Errand is what comes after 202 Accepted: durable jobs, run, and their status served.");
        var verb = Verbs.FirstOrDefault(verb => verb.Name == asked);
        foreach (var (_, create) in verb.Name is null ? Verbs : [verb]) root.Subcommands.Add(create(terminal));
        ExamplesHelp.Attach(root);
        return root;
    }
}
