using System.Text.RegularExpressions;

namespace Errand.House.Tests;

/// <summary>What operators are told is what the code says.</summary>
public sealed partial class OperatorPagesTests
{
    [Fact]
    public void Every_log_message_is_on_its_page_with_what_to_do()
    {
        var written = Table("docs/operating/diagnostics.md").ToDictionary(cells => cells[0], cells => cells, StringComparer.Ordinal);
        var said = Messages().ToDictionary(message => message.Id, StringComparer.Ordinal);

        Assert.Equal(
            [],
            said.Values.Where(message => !written.TryGetValue(message.Id, out var cells) || cells[1] != message.Level || cells[2] != message.Text)
                .Select(message => $"docs/operating/diagnostics.md needs: | {message.Id} | {message.Level} | {message.Text} | (what to do) |"));
        Assert.Equal([], written.Keys.Where(id => !said.ContainsKey(id)).Select(id => $"docs/operating/diagnostics.md tells of {id}, which nothing logs."));
        Assert.Equal([], written.Values.Where(cells => cells[3].Length == 0).Select(cells => $"{cells[0]} does not say what to do."));
        Assert.Equal(written.Keys.Select(int.Parse).Order(), written.Keys.Select(int.Parse));
    }

    [Fact]
    public void Every_log_message_is_generated()
    {
        var attributes = Repository.Files("src", "*.cs").Sum(file => AnyLoggerMessage().Count(Repository.Read(file)));
        Assert.Equal(attributes, Messages().Count());
        Assert.Equal([], Repository.Files("src", "*.cs").Where(file => LooseLog().IsMatch(Repository.Read(file))));
    }

    [Fact]
    public void Every_metric_and_attribute_is_on_its_page()
    {
        var page = Repository.Read("docs/operating/telemetry.md");
        var written = NameOnPage().Matches(page).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var used = TelemetryFiles().SelectMany(file => NameInCode().Matches(Repository.Read(file))).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], used.Except(written).Order(StringComparer.Ordinal));
        Assert.Equal([], written.Except(used).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Instruments_and_sources_are_made_in_the_telemetry_folders_and_named_on_the_page()
    {
        var elsewhere = Repository.Files("src", "*.cs").Except(TelemetryFiles()).Where(file => MakesInstrument().IsMatch(Repository.Read(file)));
        Assert.Equal([], elsewhere);
        var page = Repository.Read("docs/operating/telemetry.md");
        var owners = TelemetryFiles().Where(file => MakesInstrument().IsMatch(Repository.Read(file)) && !file.StartsWith("src/Errand/", StringComparison.Ordinal))
            .Select(file => file.Split('/')[1]).Distinct();
        Assert.Equal([], owners.Where(owner => !page.Contains($"\"{owner}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_metric_can_carry_a_job_or_a_tenant()
    {
        var metrics = TelemetryFiles().Where(file => file.EndsWith("Metrics.cs", StringComparison.Ordinal)).Append("src/Errand/Telemetry/QueueFigures.cs");
        Assert.Equal([], metrics.Where(file => Identity().IsMatch(Repository.Read(file))));
    }

    private static IEnumerable<string> TelemetryFiles() =>
        Repository.Files("src", "*.cs").Where(file => file.Contains("/Telemetry/", StringComparison.Ordinal));

    private static IEnumerable<(string Id, string Level, string Text)> Messages() =>
        from file in Repository.Files("src", "*.cs")
        from Match match in LoggerMessage().Matches(Repository.Read(file))
        select (match.Groups[1].Value, match.Groups[2].Value, string.Concat(Literal().Matches(match.Groups[3].Value).Select(m => m.Groups[1].Value)));

    private static IEnumerable<string[]> Table(string page) =>
        Repository.Read(page).Split('\n').Where(line => Row().IsMatch(line)).Select(line => line.Trim('|').Split(" | ").Select(cell => cell.Trim()).ToArray());

    [GeneratedRegex("""LoggerMessage\(\s*(\d+)\s*,\s*LogLevel\.(\w+)\s*,\s*((?:"(?:[^"\\]|\\.)*"\s*\+?\s*)+)""")]
    private static partial Regex LoggerMessage();

    [GeneratedRegex(@"\[LoggerMessage\(")]
    private static partial Regex AnyLoggerMessage();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex LooseLog();

    [GeneratedRegex("""
        "((?:[^"\\]|\\.)*)"
        """)]
    private static partial Regex Literal();

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex Row();

    [GeneratedRegex("`((?:errand|messaging|http|error)\\.[a-z_]+(?:\\.[a-z_]+)*)`")]
    private static partial Regex NameOnPage();

    [GeneratedRegex("\"((?:errand|messaging|http|error)\\.[a-z_]+(?:\\.[a-z_]+)*)\"")]
    private static partial Regex NameInCode();

    [GeneratedRegex(@"\.Create(Counter|UpDownCounter|Histogram|Gauge|ObservableCounter|ObservableGauge|ObservableUpDownCounter)\b|new ActivitySource|new Meter\(")]
    private static partial Regex MakesInstrument();

    [GeneratedRegex(@"\.Tenant\b|\.Id\b|\.Key\.Id|\bJobId\b|MessageId")]
    private static partial Regex Identity();
}
