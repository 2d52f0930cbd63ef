using System.CommandLine;
using Errand.Cli.Help;

namespace Errand.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Paths => [.. Leaves(CliApp.Root(TestTerminal.None), "").Select(leaf => leaf.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_command_begins_its_help_with_two_examples(string path)
    {
        var ran = await Ran.Async([.. path.Split(' '), "--help"]);
        Assert.Equal(0, ran.Code);
        Assert.StartsWith("Examples:\n  errand ", ran.Out, StringComparison.Ordinal);
        var command = Leaves(CliApp.Root(TestTerminal.None), "").Single(leaf => leaf.Path == path).Command;
        Assert.True(((IHasExamples)command).Examples.Count >= 2, $"'{path}' has fewer than two examples");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_command_is_in_the_manual(string path) =>
        Assert.Contains($"errand {path}", Documents.Read("docs/operating/cli.md"), StringComparison.Ordinal);

    [Fact]
    public async Task The_exit_codes_of_the_help_are_those_of_the_manual()
    {
        var ran = await Ran.Async(["help", "exit-codes"]);
        Assert.Equal(ExitCodes.All.Count + 1, ran.Lines.Length);
        var manual = Documents.Read("docs/operating/cli.md");
        Assert.All(ExitCodes.All, code => Assert.Contains($"| {code.Code} | {code.Meaning} |", manual, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Each_shell_gets_lines_that_ask_the_executable(string shell) =>
        Assert.Contains("[suggest:", (await Ran.Async(["completion", shell])).Out, StringComparison.Ordinal);

    [Fact]
    public async Task Commands_and_options_are_suggested()
    {
        Assert.Contains("queue", (await Ran.Async(["[suggest:8]", "errand qu"])).Lines);
        Assert.Contains("--idempotency-key", (await Ran.Async(["[suggest:18]", "errand submit --id"])).Lines);
        Assert.Contains("jsonl", (await Ran.Async(["[suggest:15]", "errand list -o "])).Lines);
    }

    [Fact]
    public void The_version_is_one_line()
    {
        using var writer = new StringWriter();
        Assert.Equal(0, VersionLine.Print(writer));
        Assert.Matches(@"^errand \d+\.\d+\.\d+ \(", writer.ToString());
    }

    [Fact]
    public void The_verb_that_was_typed_is_found_alone_as_among_all()
    {
        foreach (var verb in CliApp.Root(TestTerminal.None).Subcommands)
        {
            var alone = Assert.Single(CliApp.Root(TestTerminal.None, verb.Name).Subcommands);
            Assert.Equal((verb.Name, verb.Description, verb.Options.Count), (alone.Name, alone.Description, alone.Options.Count));
        }
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0 ? [(path, command)]
            : command.Subcommands.SelectMany(inner => Leaves(inner, $"{path} {inner.Name}".Trim()));
}
