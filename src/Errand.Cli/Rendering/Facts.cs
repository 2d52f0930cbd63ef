using Errand.Cli.Terminals;

namespace Errand.Cli.Rendering;

/// <summary>Names with values, one a line; what is empty is left out.</summary>
internal sealed class Facts(Terminal terminal)
{
    private const int NameWidth = 14;

    public void Add(string name, Paint value)
    {
        if (value.Text.Length == 0) return;
        terminal.Out.WriteLine($"{Paint.Faint(name.PadRight(NameWidth)).On(terminal.OutIsScreen)}{value.On(terminal.OutIsScreen)}");
    }
}
