using System.Globalization;
using System.Text;

namespace Errand.Curves.Machinery;

/// <summary>What was measured, each beside its aim: told as it comes, and as a table at the end.</summary>
internal sealed class Figures
{
    private readonly List<(string Name, double Value, string Unit, string Aim, string Met)> _rows = [];

    public void Add(string name, double value, string unit) => Add((name, value, unit, "", ""));

    public void AtMost(string name, double value, double most, string unit) =>
        Add((name, value, unit, $"≤ {Number(most)}", value <= most ? "yes" : "**no**"));

    public void AtLeast(string name, double value, double least, string unit) =>
        Add((name, value, unit, $"≥ {Number(least)}", value >= least ? "yes" : "**no**"));

    public string ToMarkdown()
    {
        var text = new StringBuilder("| what | measured | aim | met |\n|---|--:|--:|---|\n");
        foreach (var row in _rows) text.AppendLine($"| {row.Name} | {Number(row.Value)} {row.Unit} | {row.Aim} | {row.Met} |");
        return text.ToString();
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture);

    private void Add((string Name, double Value, string Unit, string Aim, string Met) row)
    {
        _rows.Add(row);
        Console.Error.WriteLine($"{row.Name}: {Number(row.Value)} {row.Unit}{(row.Aim.Length == 0 ? "" : $", aim {row.Aim}")}");
    }
}
