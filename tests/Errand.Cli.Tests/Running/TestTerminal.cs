using Errand.Cli.Terminals;

namespace Errand.Cli.Tests;

/// <summary>A terminal that nobody uses.</summary>
internal static class TestTerminal
{
    public static Terminal None { get; } = new()
    {
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        In = TextReader.Null,
        OpenOut = () => Stream.Null,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal),
    };
}
