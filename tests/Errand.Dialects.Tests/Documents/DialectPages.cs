using System.Text.RegularExpressions;

namespace Errand.Dialects.Tests;

/// <summary>
/// Holds the examples of <c>docs/dialects/*.md</c> equal to the transcripts: the block after <c>&lt;!-- transcript: dialect/scenario --&gt;</c> is that file. With <c>ERRAND_ACCEPT=1</c> the pages
/// are written anew; review the diff.
/// </summary>
[Collection(nameof(WhatIsKept))]
public sealed partial class DialectPages
{
    private static readonly DirectoryInfo Root = FindRoot();

    internal static string Transcripts => Path.Combine(Root.FullName, "tests", "Errand.Dialects.Tests", "Transcripts");

    private static string[] Pages => Directory.GetFiles(Path.Combine(Root.FullName, "docs", "dialects"), "*.md");

    [Fact]
    public async Task Examples_are_what_went_over_the_wire()
    {
        Assert.NotEmpty(Pages);
        foreach (var page in Pages)
        {
            var text = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
            var wanted = Example().Replace(text, match => $"{match.Groups["marker"].Value}\n```http\n{Of(page, match.Groups["name"].Value)}```");
            if (text != wanted && Environment.GetEnvironmentVariable("ERRAND_ACCEPT") is { Length: > 0 }) await File.WriteAllTextAsync(page, wanted, TestContext.Current.CancellationToken);
            else Assert.Equal(wanted, text);
        }
    }

    [Fact]
    public void Every_exchange_of_a_vendor_is_on_a_page_but_for_the_scenarios_that_all_wires_share()
    {
        var shown = Pages.SelectMany(page => Example().Matches(File.ReadAllText(page)).Select(match => match.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal);
        var kept = Directory.EnumerateFiles(Transcripts, "*.http", SearchOption.AllDirectories)
            .Select(file => Path.ChangeExtension(Path.GetRelativePath(Transcripts, file), null).Replace('\\', '/'))
            .Where(name => !name.Contains("/scenario-", StringComparison.Ordinal));
        Assert.Equal([], kept.Where(name => !shown.Contains(name)));
    }

    private static string Of(string page, string name)
    {
        var file = Path.Combine(Transcripts, name + ".http");
        Assert.True(File.Exists(file), $"{Path.GetFileName(page)} shows {name}, and there is no such transcript.");
        return File.ReadAllText(file).TrimEnd() + "\n";
    }

    private static DirectoryInfo FindRoot()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Errand.slnx"))) root = root.Parent!;
        return root;
    }

    [GeneratedRegex(@"(?<marker><!-- transcript: (?<name>[a-z0-9/_.-]+) -->)\n(```http\n.*?^```)?", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Example();
}
