using System.Text.RegularExpressions;

namespace Errand.Dialects.Tests;

/// <summary>
/// Holds the examples of <c>docs/dialects/*.md</c> equal to the transcripts: the block after <c>&lt;!-- transcript: dialect/scenario --&gt;</c> is that file. With <c>ERRAND_ACCEPT=1</c> the pages
/// are written anew; review the diff.
/// </summary>
public sealed partial class DialectPages
{
    [Fact]
    public async Task Examples_are_what_went_over_the_wire()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Errand.slnx"))) root = root.Parent!;
        var pages = Directory.GetFiles(Path.Combine(root.FullName, "docs", "dialects"), "*.md");
        Assert.NotEmpty(pages);
        foreach (var page in pages)
        {
            var text = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
            var wanted = Example().Replace(text, match => $"{match.Groups["marker"].Value}\n```http\n{Of(root, page, match.Groups["name"].Value)}```");
            if (text != wanted && Environment.GetEnvironmentVariable("ERRAND_ACCEPT") is { Length: > 0 }) await File.WriteAllTextAsync(page, wanted, TestContext.Current.CancellationToken);
            else Assert.Equal(wanted, text);
        }
    }

    private static string Of(DirectoryInfo root, string page, string name)
    {
        var file = Path.Combine(root.FullName, "tests", "Errand.Dialects.Tests", "Transcripts", name + ".http");
        Assert.True(File.Exists(file), $"{Path.GetFileName(page)} shows {name}, and there is no such transcript.");
        return File.ReadAllText(file).TrimEnd() + "\n";
    }

    [GeneratedRegex(@"(?<marker><!-- transcript: (?<name>[a-z0-9/_.-]+) -->)\n(```http\n.*?^```)?", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Example();
}
