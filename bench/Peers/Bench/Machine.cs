using System.Globalization;

namespace Errand.Peers.Bench;

/// <summary>What the figures were taken on, and what else it did meanwhile.</summary>
internal static class Machine
{
    private const int TicksPerSecond = 100;

    /// <summary>Name and value of what a reader must know to judge the figures.</summary>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> DescribeAsync(string root, string folder)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
        var memory = long.Parse(File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1048576.0;
        return
        [
            new("processor", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {processor}")),
            new("memory", string.Create(CultureInfo.InvariantCulture, $"{memory:0.0} GiB")),
            new("kernel", (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease")).Trim()),
            new("system", File.ReadLines("/etc/os-release").FirstOrDefault(line => line.StartsWith("PRETTY_NAME", StringComparison.Ordinal))?.Split('"')[1] ?? "unknown"),
            new("stores on", FileSystem(folder)),
            new(".NET", Environment.Version.ToString()),
            new("Node", await VersionAsync("node", "--version")),
            new("Errand's commit", await VersionAsync("git", "-C", root, "describe", "--always", "--dirty")),
        ];
    }

    public static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>How busy others keep the processors while nothing of ours runs, of 1.</summary>
    public static async Task<double> BusyAsync()
    {
        var (busy, began) = (Ticks().Busy, TimeProvider.System.GetTimestamp());
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        var possible = TimeProvider.System.GetElapsedTime(began).TotalSeconds * TicksPerSecond * Environment.ProcessorCount;
        return Math.Min(1, (Ticks().Busy - busy) / possible);
    }

    /// <summary>Processor time since the start of the machine, in ticks: what was worked, and what the host kept from it.</summary>
    public static (long Busy, long Stolen) Ticks()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6], fields[7]);
    }

    public static double StolenShare(long ticks, TimeSpan time) => ticks / (time.TotalSeconds * TicksPerSecond * Environment.ProcessorCount);

    private static string FileSystem(string folder)
    {
        var mount = File.ReadLines("/proc/mounts").Select(line => line.Split(' '))
            .Where(fields => fields[1] == "/" || folder == fields[1] || folder.StartsWith(fields[1] + "/", StringComparison.Ordinal)).MaxBy(fields => fields[1].Length)!;
        return $"{mount[2]} ({mount[3]})";
    }

    private static async Task<string> VersionAsync(string program, params string[] arguments)
    {
        try
        {
            return (await Processes.RunAsync(program, arguments, TimeSpan.FromSeconds(20))).Trim();
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
