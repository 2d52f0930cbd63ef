using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Errand.Peers.Bench;

/// <summary>One plot a workload: a bar for each part, with the range of its rounds.</summary>
internal static class Plots
{
    private const int Width = 820;
    private static readonly Color Own = Color.FromHex("#1f6feb");
    private static readonly Color Peer = Color.FromHex("#8b949e");
    private static readonly Color Limit = Color.FromHex("#d0d7de");

    public static IReadOnlyList<string> Write(Summary summary, IReadOnlyList<Part> parts, string folder, string name)
    {
        var written = new List<string>();
        foreach (var (work, title) in Works.Titles)
        {
            var rows = parts.Select(part => (part, summary.Rate(part.Name, part.IsLimit && work.StartsWith("single", StringComparison.Ordinal) ? "single" : work)));
            Draw(rows, $"{title}: jobs a second, more is better", "N0", work);
        }

        Draw(parts.Select(part => (part, summary.P50(part.Name))), "submit to start on an idle system: p50 in ms, less is better", "0.0", "start");
        return written;

        void Draw(IEnumerable<(Part Part, Middle? Middle)> all, string heading, string format, string work)
        {
            var rows = all.Where(row => row.Middle is not null).OrderBy(row => row.Middle!.Median).ToList();
            if (rows.Count == 0) return;
            using var plot = new Plot();
            var bars = rows.Select((row, at) => new Bar
            {
                Position = at,
                Value = row.Middle!.Median,
                FillColor = row.Part.IsErrand ? Own : row.Part.IsLimit ? Limit : Peer,
                LineWidth = 0,
                Size = 0.7,
                Label = "  " + row.Middle.Median.ToString(format, CultureInfo.InvariantCulture),
            }).ToArray();
            plot.Add.Bars(bars).Horizontal = true;
            for (var at = 0; at < rows.Count; at++)
            {
                if (rows[at].Middle is not { } middle || middle.Least >= middle.Most) continue;
                var range = plot.Add.Line(middle.Least, at - 0.42, middle.Most, at - 0.42);
                range.LineColor = Colors.Black;
                range.MarkerSize = 0;
            }

            plot.Title(heading, size: 15);
            plot.Axes.Left.TickGenerator = new NumericManual([.. rows.Select((_, at) => (double)at)], [.. rows.Select(row => row.Part.Title)]);
            plot.Axes.Left.MajorTickStyle.Length = 0;
            plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = value => value.ToString(value >= 10 ? "N0" : "0.##", CultureInfo.InvariantCulture) };
            plot.HideGrid();
            plot.Axes.SetLimits(0, rows.Max(row => row.Middle!.Most) * 1.18, -0.7, rows.Count - 0.3);
            var file = $"{name}-{work}.svg";
            plot.SaveSvg(Path.Combine(folder, file), Width, 70 + rows.Count * 28);
            written.Add(file);
        }
    }
}
