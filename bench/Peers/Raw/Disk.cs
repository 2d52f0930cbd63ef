namespace Errand.Peers.Raw;

/// <summary>How long the disk takes to acknowledge a flush of one written page.</summary>
internal static class Disk
{
    private const int Flushes = 500;

    public static void Measure(string folder)
    {
        var page = new byte[4096];
        var times = new List<double>(Flushes);
        using var file = File.OpenHandle(Path.Combine(folder, "flush"), FileMode.Create, FileAccess.Write);
        for (var n = 0; n < Flushes; n++)
        {
            var began = TimeProvider.System.GetTimestamp();
            RandomAccess.Write(file, page, n * (long)page.Length);
            RandomAccess.FlushToDisk(file);
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        Answers.About("fsync", [$"{Flushes} appended pages of 4 KiB, each flushed"]);
        Answers.Times("flush", times);
    }
}
