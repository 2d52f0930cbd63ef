using System.Runtime.CompilerServices;

namespace Errand.Dialects.Tests.Zendesk;

public sealed class ZendeskPageTests
{
    [Fact]
    public void The_page_shows_the_exchanges_as_they_are()
    {
        var root = Root();
        var page = File.ReadAllText(Path.Combine(root, "docs/dialects/zendesk.md"));

        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "tests/Errand.Dialects.Tests/Transcripts/zendesk")))
        {
            Assert.Contains($"```http\n{File.ReadAllText(file).Trim()}\n```", page, StringComparison.Ordinal);
        }
    }

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(folder.FullName, "Errand.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
