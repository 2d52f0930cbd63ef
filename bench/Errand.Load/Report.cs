using System.Globalization;
using System.Text;
using Errand.Load.Http;

namespace Errand.Load;

/// <summary>Rows of a table: what was measured, and what it was measured against in the same run.</summary>
internal sealed class Report
{
    private readonly List<(string Name, double Value, string Unit, string? Against, double Reference)> _rows = [];

    public void Add(string name, double value, string unit) => Add((name, value, unit, null, 0));

    public void Compare(string name, double value, string against, double reference, string unit) => Add((name, value, unit, against, reference));

    /// <summary>A server beside the bare one. wrk has one of the cores: where its rate is the limit, the processor time for one request tells more.</summary>
    public void Compare(string name, Rate value, Rate bare) => Compare(
        name, value.PerSecond, "bare Kestrel", bare.PerSecond, string.Create(CultureInfo.InvariantCulture, $"requests/s ({value.Microseconds:0.0} µs of processor for one, bare {bare.Microseconds:0.0})"));

    public static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

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
