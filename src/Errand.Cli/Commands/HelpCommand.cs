using System.CommandLine;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand help exit-codes</c>: what is not about one command.</summary>
internal static class HelpCommand
{
    public static Command Create(Terminal terminal)
    {
        var topic = new Argument<string>("topic") { Description = "exit-codes, environment or filters" };
        topic.AcceptOnlyFromAmong("exit-codes", "environment", "filters");
        return new Verb("help", "Explain a topic: exit-codes, environment, filters.", "errand help exit-codes",
            "errand help filters") { topic }
            .Does((parse, _) => Task.FromResult(Print(parse.GetRequiredValue(topic), terminal)));
    }

    private static int Print(string topic, Terminal terminal)
    {
        switch (topic)
        {
            case "exit-codes": PrintExitCodes(terminal); break;
            case "environment": terminal.Out.Write(Environment); break;
            default: terminal.Out.Write(Filters); break;
        }

        return ExitCodes.Ok;
    }

    private static void PrintExitCodes(Terminal terminal)
    {
        var table = new TextTable("code", "meaning");
        foreach (var (code, meaning) in ExitCodes.All) table.Add($"{code}", meaning);
        table.Write(terminal.Out, terminal.OutIsScreen);
    }

    private const string Environment =
        """
        ERRAND_URL      the server that commands talk to; --url wins (default: http://127.0.0.1:5230)
        ERRAND_TOKEN    the access token that they show; --token wins
        ERRAND__a__b    a setting of the server: ERRAND__storage__connection is storage.connection of errand.json
        ERRAND_DEBUG    set to 1: an unexpected error shows its stack
        NO_COLOR        set to anything: no colours, no moving bars

        """;

    private const string Filters =
        """
        A filter is terms with spaces between; a job must match all of them. A comma means "or".

          status:failed,canceled      scheduled queued running canceling succeeded failed canceled
          -status:succeeded           every other status
          type:report.*               a type; a trailing * matches a prefix
          queue:bulk                  a queue
          label.customer:acme         a label with this value; quotes for spaces: label.team:"night shift"
          created:<2h  created:>7d    accepted less than two hours ago; more than seven days ago
          finished:>=2026-11-22       finished at or after an instant (UTC)
          schedule:nightly            made by this schedule
          correlation:abc             of this group of requests

        Example: errand list "status:failed type:report.* created:<2h"

        """;
}
