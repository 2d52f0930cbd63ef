using Errand.Cli.Terminals;
using Spectre.Console;

namespace Errand.Cli.Serving;

/// <summary>Says that this is no way to run a real server.</summary>
internal static class DevBox
{
    public static void Print(Terminal terminal, DevFolder folder)
    {
        var kept = folder.Temporary ? "Its data is removed when it stops." : $"Its data is kept in {folder.Path}.";
        string[] lines = ["Not for production: the token below may do everything.", kept, "For a real server: errand serve --data DIR"];
        if (!terminal.ErrorIsScreen)
        {
            foreach (var line in lines) terminal.Error.WriteLine(line);
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(terminal.Error) });
        console.Profile.Width = terminal.Width;
        console.Write(new Panel(Markup.Escape(string.Join('\n', lines)))
        {
            Header = new PanelHeader(" errand dev "),
            BorderStyle = new Style(Color.Yellow),
        });
    }
}
