using System.Text;

namespace Errand.Handlers;

/// <summary>
/// Finds what a program left behind by the mark in its environment, which children inherit: also what left the process group, and
/// without the danger that a number was given to somebody else.
/// </summary>
internal static class MarkedProcesses
{
    /// <summary>The variable that carries the mark.</summary>
    public const string Variable = "ERRAND_CLAIM";

    /// <summary>Kills every process with the mark. Returns how many there were.</summary>
    public static int Kill(string mark)
    {
        var killed = 0;
        // Something may have forked while we looked; a handful of rounds ends any chain that is not faster than we are.
        for (var round = 0; round < 5; round++)
        {
            var found = Find(mark);
            if (found.Count is 0) break;
            foreach (var process in found) Signals.KillProcess(process);
            killed += found.Count;
        }

        return killed;
    }

    public static IReadOnlyList<int> Find(string mark)
    {
        if (!Directory.Exists("/proc/self")) return [];
        var entry = Encoding.UTF8.GetBytes($"{Variable}={mark}\0");
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), out var process) && process != Environment.ProcessId && Carries(process, entry))
                found.Add(process);
        }

        return found;
    }

    private static bool Carries(int process, byte[] entry)
    {
        try
        {
            // A process that is over but not yet waited for has no environment any more, so it does not count.
            return File.ReadAllBytes($"/proc/{process}/environ").AsSpan().IndexOf(entry) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
