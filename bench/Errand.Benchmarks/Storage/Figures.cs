using System.Globalization;

namespace Errand.Benchmarks.Storage;

/// <summary>How fast something went.</summary>
/// <param name="Rate">Jobs a second.</param>
/// <param name="Microseconds">What each took of the processors, which other load on the machine blurs less.</param>
internal readonly record struct Figure(double Rate, double Microseconds);

/// <summary>Figures, printed as they come, each beside what raw SQLite did in the same run.</summary>
internal sealed class Figures(TimeProvider time)
{
    /// <summary>Runs something that handles so many jobs.</summary>
    public async Task<Figure> MeasureAsync(int jobs, Func<Task> act)
    {
        GC.Collect();
        var (start, processor) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await act();
        var (elapsed, used) = (time.GetElapsedTime(start), Environment.CpuUsage.TotalTime - processor);
        return new Figure(jobs / elapsed.TotalSeconds, used.TotalMicroseconds / jobs);
    }

    public static void Print(string what, Figure figure, Figure? raw = null)
    {
        var ratio = raw is { } against ? string.Create(CultureInfo.InvariantCulture, $"  {figure.Rate / against.Rate:0.00} of raw") : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-40}{figure.Rate,12:N0} jobs/s{figure.Microseconds,9:0.00} us of CPU{ratio}"));
    }
}
