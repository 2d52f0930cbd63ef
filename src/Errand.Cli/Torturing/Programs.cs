namespace Errand.Cli.Torturing;

/// <summary>This very executable, to be started again.</summary>
internal static class Programs
{
    public static IReadOnlyList<string> Self()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This process does not know its own program.");
        // Run as "dotnet errand.dll", the program is dotnet.
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Path.GetFullPath(Environment.GetCommandLineArgs()[0])] : [program];
    }
}
