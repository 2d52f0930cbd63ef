using System.Text.RegularExpressions;

namespace Errand.House.Tests;

/// <summary>Who may know whom. A new arrow is a decision: write it here, with its reason in ARCHITECTURE.md.</summary>
public sealed partial class ArrowTests
{
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Errand.Abstractions"] = [],
        ["Errand"] = ["Errand.Abstractions"],
        ["Errand.Worker"] = ["Errand.Abstractions"],
        ["Errand.Handlers"] = ["Errand.Abstractions"],
        ["Errand.Storage.Memory"] = ["Errand.Abstractions"],
        ["Errand.Storage.Sqlite"] = ["Errand.Abstractions"],
        ["Errand.Storage.PostgreSql"] = ["Errand.Abstractions"],
        ["Errand.Contracts"] = ["Errand.Abstractions"],
        ["Errand.App"] = ["Errand", "Errand.AspNetCore", "Errand.Storage.Sqlite", "Errand.Worker"],
        ["Errand.AspNetCore"] = ["Errand.Abstractions", "Errand.Contracts"],
        ["Errand.Dialects"] = ["Errand.Abstractions", "Errand.AspNetCore"],
        ["Errand.EntityFrameworkCore"] = ["Errand.Abstractions"],
        ["Errand.OpenApi"] = ["Errand.Contracts"],
        ["Errand.OAuth"] = ["Errand.Abstractions", "Errand.AspNetCore"],
        ["Errand.Client"] = ["Errand.Abstractions", "Errand.Contracts"],
        ["Errand.Conformance"] = ["Errand.Abstractions"],
        ["Errand.Testing"] = ["Errand", "Errand.Abstractions", "Errand.AspNetCore", "Errand.Dialects", "Errand.OAuth", "Errand.Storage.Memory"],
        ["Errand.Server"] =
            ["Errand", "Errand.Abstractions", "Errand.AspNetCore", "Errand.Dialects", "Errand.Handlers", "Errand.OAuth", "Errand.Storage.PostgreSql",
                "Errand.Storage.Sqlite", "Errand.Worker"],
        ["Errand.Torture"] = [],
        ["Errand.Cli"] = ["Errand.Client", "Errand.Server", "Errand.Testing", "Errand.Torture"],
    };

    [Fact]
    public void Projects_know_only_whom_they_may()
    {
        var found = Repository.Files("src", "*.csproj").ToDictionary(
            file => Path.GetFileNameWithoutExtension(file),
            file => ProjectReference().Matches(Repository.Read(file)).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal).ToArray(),
            StringComparer.Ordinal);

        Assert.Equal(
            Arrows.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} -> {string.Join(", ", a.Value)}"),
            found.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} -> {string.Join(", ", a.Value)}"));
    }

    [Fact]
    public void Every_source_project_has_its_tests_or_is_one()
    {
        // Contracts are exercised by the native API's tests, the server through the CLI; the app's package is only its dependencies, and eng/clean-app.sh installs it.
        string[] testedElsewhere = ["Errand.App", "Errand.Contracts", "Errand.Server"];
        var tests = Repository.Files("tests", "*.csproj").Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], Arrows.Keys.Except(testedElsewhere).Where(name => !tests.Contains(name + ".Tests")));
    }

    [GeneratedRegex("<ProjectReference Include=\"[^\"]*/([A-Za-z.]+)\\.csproj\"")]
    private static partial Regex ProjectReference();
}
