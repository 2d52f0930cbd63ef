using System.Globalization;
using System.Text;

namespace Errand.Load;

/// <summary>Rows of a table: what was measured, and what it was measured against in the same run.</summary>
internal sealed class Report
{
    private readonly List<(string Name, double Value, string Unit, string? Against, double Reference)> _rows = [];

    public void Add(string name, double value, string unit) => Add((name, value, unit, null, 0));

    public void Compare(string name, double value, string against, double reference, string unit) => Add((name, value, unit, against, reference));

    public string ToMarkdown()
    {
        var text = new StringBuilder("| what | Errand | beside it, same run | ratio |\n|---|--:|--:|--:|\n");
        foreach (var row in _rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {Number(row.Value)} {row.Unit} | ");
            text.AppendLine(row.Against is null ? " | |" : string.Create(CultureInfo.InvariantCulture, $"{row.Against}: {Number(row.Reference)} | {row.Value / row.Reference:0.00} |"));
        }

        return text.ToString();
    }

    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : "0.00", CultureInfo.InvariantCulture);

    private void Add((string Name, double Value, string Unit, string? Against, double Reference) row)
    {
        _rows.Add(row);
        Console.Error.WriteLine(row.Against is null
            ? string.Create(CultureInfo.InvariantCulture, $"{row.Name}: {Number(row.Value)} {row.Unit}")
            : string.Create(CultureInfo.InvariantCulture, $"{row.Name}: {Number(row.Value)} {row.Unit}, {row.Against} {Number(row.Reference)}, ratio {row.Value / row.Reference:0.00}"));
    }
}
