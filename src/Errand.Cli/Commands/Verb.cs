using System.CommandLine;
using Errand.Cli.Help;

namespace Errand.Cli.Commands;

/// <summary>A command with its examples.</summary>
internal class Verb(string name, string description, params string[] examples) : Command(name, description), IHasExamples
{
    public IReadOnlyList<string> Examples => examples;

    /// <summary>What it does; the number is the exit code.</summary>
    public Verb Does(Func<ParseResult, CancellationToken, Task<int>> run)
    {
        SetAction(run);
        return this;
    }
}
