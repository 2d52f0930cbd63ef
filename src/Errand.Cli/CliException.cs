namespace Errand.Cli;

/// <summary>Ends the command with a sentence for a person and an exit code for a script.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
