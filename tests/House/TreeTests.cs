using System.Text.RegularExpressions;

namespace Errand.House.Tests;

/// <summary>What lies where. The root is a fixed list: plans, results and patches do not live in it.</summary>
public sealed partial class TreeTests
{
    private static readonly string[] Root =
    [
        ".ci", ".editorconfig", ".gitattributes", ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md",
        "Directory.Build.props", "Directory.Packages.props", "Errand.slnx", "LICENSE", "Makefile", "README.md", "SECURITY.md",
        "bench", "docs", "eng", "global.json", "samples", "src", "tests",
    ];

    // What tools leave behind; git ignores it.
    private static readonly string[] Litter = [".git", "artifacts", ".vs", ".idea", "node_modules"];

    [Fact]
    public void The_root_holds_what_is_listed_and_nothing_else() =>
        Assert.Equal(
            Root.Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(Repository.Root).Select(Path.GetFileName).Except(Litter).Order(StringComparer.Ordinal)!);

    [Fact]
    public void Every_project_is_in_the_solution_and_has_its_lock_file()
    {
        var solution = Repository.Read("Errand.slnx");
        var projects = new[] { "src", "tests", "bench" }.SelectMany(folder => Repository.Files(folder, "*.csproj")).ToArray();
        // The peers of the bench bring packages of their own, and are built when they are measured.
        var peers = Repository.Read("bench/Peers/Peers.slnx");
        Assert.Equal([], projects.Where(project => !(project.StartsWith("bench/Peers/", StringComparison.Ordinal)
            ? peers.Contains($"\"{project["bench/Peers/".Length..]}\"", StringComparison.Ordinal) : solution.Contains($"\"{project}\"", StringComparison.Ordinal))));
        Assert.Equal([], projects.Where(project => !File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, "packages.lock.json"))));
    }

    [Fact]
    public void Every_link_between_documents_leads_somewhere()
    {
        var documents = Repository.Files("docs", "*.md").Concat(Repository.Files("samples", "*.md")).Concat(Root.Where(name => name.EndsWith(".md", StringComparison.Ordinal)));
        var broken =
            from document in documents
            from link in MarkdownLink().Matches(Repository.Read(document)).Select(m => m.Groups[1].Value)
            where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#') && !link.StartsWith("mailto:", StringComparison.Ordinal)
            let target = Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, link.Split('#')[0])
            where !File.Exists(target) && !Directory.Exists(target)
            select $"{document}: {link}";
        Assert.Equal([], broken);
    }

    [Fact]
    public void Every_exam_that_a_document_names_is_there()
    {
        var exams = Repository.Files("src/Errand.Conformance", "*.cs").Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);
        var missing =
            from document in Repository.Files("docs", "*.md")
            from exam in ExamName().Matches(Repository.Read(document)).Select(m => m.Value)
            where !exams.Contains(exam)
            select $"{document}: {exam}";
        Assert.Equal([], missing);
    }

    [Fact]
    public void Nothing_is_left_for_later_in_the_code()
    {
        var unfinished =
            from folder in new[] { "src", "tests", "bench", "samples" }
            from file in Repository.Files(folder, "*.cs")
            where file != "tests/House/TreeTests.cs"
            from line in Repository.Read(file).Split('\n')
            where Unfinished().IsMatch(line)
            select $"{file}: {line.Trim()}";
        Assert.Equal([], unfinished);
    }

    [Fact]
    public void Every_log_message_has_an_id_of_its_own()
    {
        var ids =
            from file in Repository.Files("src", "*.cs")
            from Match match in LogEventId().Matches(Repository.Read(file))
            select (Id: match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value, File: file);
        Assert.Equal([], ids.GroupBy(e => e.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(e => e.File))}"));
    }

    [Fact]
    public void The_commands_of_the_readme_are_there()
    {
        var makefile = Repository.Read("Makefile");
        var commands = MakeCommand().Matches(Repository.Read("README.md")).Select(m => m.Groups["command"].Value).Distinct().ToArray();
        Assert.Contains("demo", commands);
        Assert.Contains("test", commands);
        Assert.Equal([], commands.Where(command => !makefile.Contains($"\n{command}:", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex MarkdownLink();

    [GeneratedRegex(@"\b[A-Z][a-z]+[A-Za-z]*Suite\b")]
    private static partial Regex ExamName();

    [GeneratedRegex("NotImplementedException|\\bTODO\\b|\\bFIXME\\b|\\bHACK\\b|Skip ?= ?\"")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"LoggerMessage\(\s*(?:(\d+)|EventId\s*=\s*(\d+))")]
    private static partial Regex LogEventId();

    // As a command, that is in code: prose may make jobs.
    [GeneratedRegex(@"(^ {4}.*\b|`)make (?<command>[a-z-]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MakeCommand();
}
