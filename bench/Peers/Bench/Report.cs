using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Errand.Peers.Bench;

/// <summary>The results as Markdown, JSON and plots, and the table for the README.</summary>
internal sealed class Report(Options options, IReadOnlyList<KeyValuePair<string, string>> machine, Summary summary, DateTimeOffset began)
{
    private const string Begin = "<!-- bench:begin -->";
    private const string End = "<!-- bench:end -->";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{began:yyyy-MM-dd}-{options.Name}");
    private readonly IReadOnlyList<Aim> _aims = Aims.Of(summary);

    public async Task WriteAsync(string root)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "bench/results")).FullName;
        var plots = Plots.Write(summary, options.Parts, folder, _name);
        await File.WriteAllTextAsync(Path.Combine(folder, _name + ".md"), Markdown(plots));
        await File.WriteAllTextAsync(
            Path.Combine(folder, _name + ".json"),
            JsonSerializer.Serialize(new { options.Command, began, machine = machine.ToDictionary(), options.Plan, aims = _aims.Select(aim => new { aim.Store, aim.Work, aim.Beside, aim.GoalText, aim.Reached, aim.Verdict }), summary.Blocks }, Json) + "\n");
        Console.WriteLine();
        Console.WriteLine(Table());
        Console.WriteLine(AimTable());
        Console.WriteLine($"written: bench/results/{_name}.md, .json and {plots.Count} plots");
        if (options.Readme) await WriteReadmeAsync(Path.Combine(root, "README.md"));
    }

    private async Task WriteReadmeAsync(string file)
    {
        var text = await File.ReadAllTextAsync(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new InvalidOperationException($"README.md has no '{Begin}' with '{End}' behind it: put both, each on a line of its own, where the table belongs.");
        await File.WriteAllTextAsync(file, $"{text[..(from + Begin.Length)]}\n{Table()}\n{Footnote($"bench/results/{_name}.md")}\n{text[to..]}");
        Console.WriteLine("written: the table of README.md");
    }

    private string Markdown(IReadOnlyList<string> plots)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Errand and its peers, {began:yyyy-MM-dd}\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"`{options.Command}`, {options.Rounds} rounds, begun {began:HH:mm zzz}. Machines differ more than queues do: quote ratios.\n");
        text.AppendLine(Table());
        text.AppendLine(Footnote(null));
        foreach (var plot in plots) text.AppendLine(CultureInfo.InvariantCulture, $"![{plot}]({plot})");
        text.AppendLine("\n## Errand's aims\n");
        text.AppendLine("Each ratio is taken within a round; the middle of the rounds counts, and their range stands behind it.\n");
        text.AppendLine(AimTable());
        text.AppendLine("## What was measured\n");
        text.AppendLine(Method());
        text.AppendLine("## Where the semantics differ\n");
        text.AppendLine("| part | what it promises, and keeps |\n|---|---|");
        foreach (var part in options.Parts.Where(part => part.Semantics.Length > 0)) text.AppendLine(CultureInfo.InvariantCulture, $"| {part.Title} | {part.Semantics} |");
        text.AppendLine("\n## Versions and settings\n");
        text.AppendLine("| what | version and settings |\n|---|---|");
        foreach (var (name, value) in machine) text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {value} |");
        foreach (var part in options.Parts.Where(part => part.Name != "disk"))
        {
            if (summary.Blocks.FirstOrDefault(block => block.Part == part.Name && block.Version is not null) is { } block)
                text.AppendLine(CultureInfo.InvariantCulture, $"| {part.Title} | {block.Version}: {string.Join(" · ", block.Settings)} |");
        }

        text.AppendLine("\n## Every block\n");
        text.AppendLine("| round | part | took | load average before | others' CPU before | stolen CPU | figures |\n|--:|---|--:|--:|--:|--:|---|");
        foreach (var block in summary.Blocks) text.AppendLine(Row(block));
        return text.ToString();
    }

    private string Table()
    {
        var text = new StringBuilder("| | execute /s | bulk submit /s | single submits, 16 callers /s | 64 callers /s | submit → start p50 / p99 ms |\n|---|--:|--:|--:|--:|--:|\n");
        foreach (var part in options.Parts.Where(part => part.Name != "disk"))
        {
            var title = part.IsErrand ? $"**{part.Title}**" : part.IsLimit ? $"*{part.Title}*" : part.Title;
            if (summary.Blocks.Where(block => block.Part == part.Name).All(block => block.Error is not null))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {title} | could not be measured: {Cell(summary.Blocks.First(block => block.Part == part.Name).Error!)} | | | | |");
                continue;
            }

            string[] singles = part.IsLimit ? [part.Name == "raw-sqlite" ? Rate(part, "single") + " (1 thread)" : Rate(part, "single"), ""] : [Rate(part, "single16"), Rate(part, "single64")];
            var (p50, p99) = (summary.P50(part.Name), summary.P99(part.Name));
            var start = p50 is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{p50.Median:0.0} / {p99!.Median:0.0}");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {title} | {Rate(part, "execute")} | {Rate(part, "bulk")} | {singles[0]} | {singles[1]} | {start} |");
        }

        return text.ToString();
    }

    private string Footnote(string? results)
    {
        var disk = Middle.Of(summary.Figures("disk", "flush").Select(figure => figure.P50!.Value));
        var flush = disk is null ? "" : string.Create(CultureInfo.InvariantCulture, $" The disk acknowledged a flush in {disk.Median * 1000:0} µs.");
        var more = results is null ? "" : $" All of it, with the settings, the ranges and where the promises differ: [{results}]({results}).";
        var processor = machine.First(pair => pair.Key == "processor").Value;
        return $"Medians of {options.Rounds} rounds of `{options.Command}` on {processor}, {began:yyyy-MM-dd}. Nothing is acknowledged before it is on disk, on any row. *raw* is Errand's own schema driven without Errand.{flush}{more}\n";
    }

    private string AimTable()
    {
        var text = new StringBuilder("| store | work | beside | aim | reached | |\n|---|---|---|--:|--:|---|\n");
        foreach (var aim in _aims) text.AppendLine(CultureInfo.InvariantCulture, $"| {aim.Store} | {aim.Work} | {aim.Beside} | {aim.GoalText} | {aim.ReachedText} | {aim.Verdict} |");
        return text.ToString();
    }

    private string Method() => string.Create(CultureInfo.InvariantCulture, $"""
        Submitter and worker are one process, a new one for each block, on an empty store. The limits are measured between the peers, and every other round runs backwards. A job is a no-op with
        an argument of 200 bytes. In this order: {options.Plan.Warm:N0} jobs to get warm; {options.Plan.Samples} jobs submitted one by one to an idle system, from before the submit to the first line
        of the handler; with the worker stopped, single submits by 16 and by 64 callers, up to {options.Plan.Singles:N0} jobs or {options.Plan.SingleSeconds} s each; then the queue is filled to
        {options.Plan.Jobs:N0} jobs by bulk calls of {options.Plan.PerCall:N0}, {options.Plan.BulkCallers} at once; then all of it is executed, until the store says that nothing is left. Filling and
        executing end after {options.Plan.CapSeconds} s; "of" tells how many jobs were reached where that was fewer. A submit ends when the library says that the job is durable.

        Raw SQLite: one thread, one row a transaction in the column of single submits. Raw PostgreSQL: 16 connections there, COPY on 2 connections for bulk, and claims and completions of 500, the better of 1 and 2
        connections. Both write the rows that Errand writes for such a job, in Errand's tables with all their indexes, by prepared statements.

        """);

    private string Rate(Part part, string work)
    {
        if (summary.Rate(part.Name, work) is not { } rate) return "–";
        var reached = summary.Figures(part.Name, work).Select(figure => figure.Count).DefaultIfEmpty().Min();
        var of = work == "execute" && !part.IsLimit && reached < options.Plan.Jobs * 0.95 ? string.Create(CultureInfo.InvariantCulture, $" (of {reached:N0})") : "";
        return Number(rate.Median) + of;
    }

    private static string Row(Block block)
    {
        var figures = block.Error is { } error ? "FAILED: " + Cell(error) : string.Join("; ", block.Figures.Select(figure => figure.Rate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"{figure.Work} {Number(rate)}/s of {figure.Count:N0}")
            : string.Create(CultureInfo.InvariantCulture, $"{figure.Work} p50 {figure.P50:0.000} p99 {figure.P99:0.000} ms")));
        return string.Create(CultureInfo.InvariantCulture, $"| {block.Round} | {block.Part} | {block.Seconds:0.0} s | {block.Load:0.00} | {block.Others:P0} | {block.Stolen:P1} | {figures} |");
    }

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : "0.0", CultureInfo.InvariantCulture);
}
