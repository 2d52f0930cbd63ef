using System.Runtime.CompilerServices;

namespace Errand.Cli.Tests;

/// <summary>Files of the checkout that these tests were built from.</summary>
internal static class Documents
{
    public static string PathOf(string path) => Path.Combine(Root(), path);

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
