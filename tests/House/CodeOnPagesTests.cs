using System.Text.RegularExpressions;

namespace Errand.House.Tests;

/// <summary>
/// Code that a page shows is code that is built and run: the block after <c>&lt;!-- file: samples/X/Y.cs --&gt;</c> is that file, and after <c>&lt;!-- file: samples/X/Y.cs#name --&gt;</c> what
/// stands in it between <c>// name:</c> and <c>// :name</c>. With <c>ERRAND_ACCEPT=1</c> the pages are written anew; review the diff.
/// </summary>
public sealed partial class CodeOnPagesTests
{
    private const int WireLinesMax = 30;
    private const int ProgramLinesMax = 50;

    [Fact]
    public void Code_on_a_page_is_the_code_of_the_file_that_it_names()
    {
        var shown = 0;
        foreach (var page in Repository.Files("docs", "*.md").Concat(Repository.Files("samples", "*.md")))
        {
            var text = Repository.Read(page);
            var wanted = Shown().Replace(text, match =>
            {
                shown++;
                return $"{match.Groups["marker"].Value}\n```{Language(match.Groups["file"].Value)}\n{Part(page, match.Groups["file"].Value, match.Groups["part"].Value)}```";
            });
            if (text != wanted && Environment.GetEnvironmentVariable("ERRAND_ACCEPT") is { Length: > 0 }) File.WriteAllText(Path.Combine(Repository.Root, page), wanted);
            else Assert.Equal(wanted, text);
        }

        Assert.True(shown > 0, "No page shows a file.");
    }

    [Fact]
    public void A_wire_of_ones_own_is_as_short_as_its_page_says() =>
        Assert.InRange(Repository.Read("samples/OwnWire/TaskWire.cs").Split('\n').Count(IsCode), 1, WireLinesMax);

    [Fact]
    public void Every_sample_is_one_idea_with_a_page()
    {
        foreach (var project in Repository.Files("samples", "*.csproj"))
        {
            var folder = Path.GetDirectoryName(project)!.Replace('\\', '/');
            Assert.InRange(Repository.Read($"{folder}/Program.cs").Split('\n').Length - 1, 1, ProgramLinesMax);
            var sample = string.Join('/', folder.Split('/').Take(2));
            Assert.True(File.Exists(Path.Combine(Repository.Root, sample, "README.md")), $"{sample} has no README.md.");
            Assert.Contains(Path.GetFileName(project).Replace(".csproj", "", StringComparison.Ordinal), Repository.Read("samples/README.md"), StringComparison.Ordinal);
        }
    }

    private static bool IsCode(string line) =>
        !string.IsNullOrWhiteSpace(line) && !line.StartsWith("using ", StringComparison.Ordinal) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal);

    private static string Language(string file) => Path.GetExtension(file) == ".cs" ? "csharp" : "xml";

    private static string Part(string page, string file, string part)
    {
        Assert.True(File.Exists(Path.Combine(Repository.Root, file)), $"{page} shows {file}, and there is no such file.");
        var text = Repository.Read(file);
        if (part.Length == 0) return text.TrimEnd() + "\n";
        var lines = text.Split('\n').ToList();
        var from = lines.FindIndex(line => line.Trim() == $"// {part}:");
        var to = lines.FindIndex(line => line.Trim() == $"// :{part}");
        Assert.True(from >= 0 && to > from, $"{page} shows the part '{part}' of {file}, which does not mark it.");
        return string.Join('\n', lines[(from + 1)..to]) + "\n";
    }

    [GeneratedRegex(@"(?<marker><!-- file: (?<file>[A-Za-z0-9/_.-]+)(#(?<part>[a-z-]+))? -->)\n(```[a-z]+\n.*?^```)?", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shown();
}
