namespace Errand.Cli.Rendering;

/// <summary>Columns of text, as wide as what they hold; the last is never padded.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<Paint[]> _rows = [];

    public void Add(params Paint[] cells) => _rows.Add(cells);

    public void Write(TextWriter writer, bool screen)
    {
        Paint[] top = [.. headings.Select(heading => Paint.Faint(heading.ToUpperInvariant()))];
        var widths = headings.Select((_, column) => _rows.Append(top).Max(row => row[column].Text.Length)).ToArray();
        foreach (var row in _rows.Prepend(top)) writer.WriteLine(Line(row, widths, screen));
    }

    private static string Line(Paint[] row, int[] widths, bool screen) =>
        string.Join("  ", row.Select((cell, column) =>
            cell.On(screen) + (column == row.Length - 1 ? "" : new string(' ', widths[column] - cell.Text.Length))));
}
