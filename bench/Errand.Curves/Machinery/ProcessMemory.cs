using System.Globalization;

namespace Errand.Curves.Machinery;

/// <summary>What the kernel says that a process holds.</summary>
internal static class ProcessMemory
{
    public static long ResidentBytes(int process) => Read(process, "VmRSS");

    /// <summary>The most it ever held, since <see cref="ForgetPeak"/>.</summary>
    public static long PeakBytes(int process) => Read(process, "VmHWM");

    public static void ForgetPeak(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5");

    private static long Read(int process, string name)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
