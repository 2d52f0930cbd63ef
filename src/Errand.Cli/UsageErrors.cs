using System.CommandLine;
using Errand.Cli.Terminals;

namespace Errand.Cli;

/// <summary>Tells what is wrong with a command line. System.CommandLine would end with 1; scripts are promised 2.</summary>
internal static class UsageErrors
{
    public static int Tell(ParseResult parse, Terminal terminal)
    {
        foreach (var message in Messages(parse)) terminal.Error.WriteLine($"errand: {message}");
        terminal.Error.WriteLine($"Try '{Path(parse)} --help'.");
        return ExitCodes.Usage;
    }

    // A word that is no command says all there is to say; what follows from it only confuses.
    private static IEnumerable<string> Messages(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        if (command.Subcommands.Count == 0 || parse.UnmatchedTokens is not [var word, ..]) return parse.Errors.Select(
            error => error.Message);
        return [$"'{word}' is no command of '{Path(parse)}'.{Suggestion.For(word, [.. command.Subcommands.Select(known => known.Name)])}"];
    }

    private static string Path(ParseResult parse)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parse.CommandResult; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult command) names.Push(
                command.Command is RootCommand ? "errand" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
