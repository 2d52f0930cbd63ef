namespace Errand.Peers.Bench;

/// <summary>The middle of the rounds, and their range.</summary>
internal sealed record Middle(double Median, double Least, double Most)
{
    public static Middle? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return null;
        var half = sorted.Length / 2;
        return new Middle(sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2, sorted[0], sorted[^1]);
    }
}

/// <summary>The blocks, read by part and work.</summary>
internal sealed class Summary(IReadOnlyList<Block> blocks)
{
    public IReadOnlyList<Block> Blocks => blocks;

    public IEnumerable<int> Rounds => blocks.Select(block => block.Round).Distinct();

    public Middle? Rate(string part, string work) => Middle.Of(Rounds.Select(round => Rate(part, work, round)).OfType<double>());

    public Middle? P50(string part) => Middle.Of(Figures(part, "start").Select(figure => figure.P50!.Value));

    public Middle? P99(string part) => Middle.Of(Figures(part, "start").Select(figure => figure.P99!.Value));

    public IEnumerable<Figure> Figures(string part, string work) => blocks.Where(block => block.Part == part).SelectMany(block => block.Figures).Where(figure => figure.Work == work);

    /// <summary>Ratios of two figures of the same round.</summary>
    public Middle? Ratio(Func<int, double?> mine, Func<int, double?> other) =>
        Middle.Of(Rounds.Select(round => mine(round) / other(round)).OfType<double>());

    /// <summary>The rate of a round; of raw PostgreSQL's execution, that of the better number of connections.</summary>
    public double? Rate(string part, string work, int round) =>
        blocks.Where(block => block.Part == part && block.Round == round).SelectMany(block => block.Figures)
            .Where(figure => figure.Work == work || (part == "raw-postgresql" && work == "execute" && figure.Work.StartsWith(work, StringComparison.Ordinal))).Max(figure => figure.Rate);

    public double? P50(string part, int round) =>
        blocks.Where(block => block.Part == part && block.Round == round).SelectMany(block => block.Figures).FirstOrDefault(figure => figure.Work == "start")?.P50;
}
