using System.Reflection;
using System.Runtime.InteropServices;
using Errand.Server;

namespace Errand.Cli;

/// <summary>Answers <c>--version</c> before anything else is loaded.</summary>
internal static class VersionLine
{
    /// <summary>The version, without the commit that builds add to it.</summary>
    public static string Version { get; } =
        typeof(VersionLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "0.0.0";

    public static int Print(TextWriter writer)
    {
        writer.WriteLine($"errand {Version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
        if (!ErrandServer.HasOAuth) writer.WriteLine("without OAuth: no token endpoint, no signed tokens; access tokens of 'errand token' work");
        return ExitCodes.Ok;
    }
}
