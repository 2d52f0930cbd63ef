using System.Globalization;
using System.Text;

namespace Errand.AspNetCore;

/// <summary>
/// Writes metrics as Prometheus reads them: text format 0.0.4, names after the OpenTelemetry rules (dots become underscores, the unit and
/// <c>_total</c> are appended).
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<Metric> metrics, int generation)
    {
        var text = new StringBuilder();
        foreach (var family in metrics.GroupBy(NameOf, StringComparer.Ordinal).OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            // Two instruments of one name and different kinds cannot share a family; the first one has it.
            var kind = family.First().Kind;
            var members = family.Where(metric => metric.Kind == kind).ToList();
            if (members.Find(metric => metric.Description is not null) is { Description: { } help })
            {
                text.Append("# HELP ").Append(family.Key).Append(' ').Append(Escape(help, quotes: false)).Append('\n');
            }

            text.Append("# TYPE ").Append(family.Key).Append(' ').Append(Word(kind)).Append('\n');
            foreach (var metric in members)
            {
                foreach (var series in metric.Read(generation)) Write(text, family.Key, metric, series);
            }
        }

        return text.ToString();
    }

    public static string NameOf(Metric metric)
    {
        var name = new StringBuilder(Clean(metric.Name));
        var unit = metric.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            _ => "",
        };
        if (unit.Length > 0 && !name.ToString().EndsWith(unit, StringComparison.Ordinal)) name.Append(unit);
        if (metric.Kind is MetricKind.Counter) name.Append("_total");
        return name.ToString();
    }

    private static void Write(StringBuilder text, string name, Metric metric, Series series)
    {
        var (value, count, buckets) = series.Read();
        if (metric.Kind is not MetricKind.Histogram)
        {
            Line(text, name, series.Tags, null, value);
            return;
        }

        long below = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            below += buckets[i];
            Line(text, name + "_bucket", series.Tags, i < metric.Bounds.Length ? Number(metric.Bounds[i]) : "+Inf", below);
        }

        Line(text, name + "_sum", series.Tags, null, value);
        Line(text, name + "_count", series.Tags, null, count);
    }

    private static void Line(StringBuilder text, string name, KeyValuePair<string, object?>[] tags, string? bound, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var (key, tag) in tags)
        {
            text.Append(separator).Append(Clean(key)).Append("=\"").Append(Escape(Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "", quotes: true)).Append('"');
            separator = ',';
        }

        if (bound is not null)
        {
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }

        if (separator == ',') text.Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Clean(string name)
    {
        var clean = string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] == '_' ? source[i] : '_';
        });
        return clean.Length > 0 && char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private static string Escape(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Word(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };
}
