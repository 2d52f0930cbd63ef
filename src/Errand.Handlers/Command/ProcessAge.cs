using System.Globalization;

namespace Errand.Handlers;

/// <summary>Names a process so that its number cannot be taken for another's: with the time when it was started, and of which boot.</summary>
internal static class ProcessAge
{
    public static string Of(int process) =>
        string.Create(CultureInfo.InvariantCulture, $"{process} {StartOf(process) ?? "?"} {Boot()}");

    /// <summary>True while the named process lives; also where nobody can tell.</summary>
    public static bool IsAlive(string named) =>
        !Directory.Exists("/proc/self") || (int.TryParse(named.Split(' ')[0], CultureInfo.InvariantCulture, out var process) && StartOf(process) is not null && Of(process) == named);

    private static string? StartOf(int process)
    {
        try
        {
            // The name in parentheses may hold anything; what follows the last one is fixed: field 22 is the 20th after it.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static string Boot()
    {
        const string file = "/proc/sys/kernel/random/boot_id";
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "?";
    }
}
