namespace Errand.Storage.PostgreSql;

/// <summary>How wide ranges are, how many lie ahead, and how long rows may lie after their jobs: decided without looking anything up.</summary>
internal static class RangeRules
{
    /// <summary>So many ranges are ready beyond the one that new jobs go to.</summary>
    public const int Ahead = 3;

    /// <summary>The least: fewer jobs are deleted row by row as fast.</summary>
    public const long WidthMin = 50_000;

    private const long WidthMax = 1L << 32;

    /// <summary>A part of what is there. More ranges make each look-up of an input slower, fewer let rows lie longer.</summary>
    private const int Shares = 5;

    private const int RangesAtMost = 12;

    /// <summary>With so many, stragglers keep them: then ranges become so wide that they are deleted from row by row.</summary>
    private const int RangesByFar = 40;

    private static readonly TimeSpan FastestFill = TimeSpan.FromMinutes(1);

    /// <summary>A range that takes longer to fill is deleted from row by row: its last jobs would keep the rows of its first ones for too long.</summary>
    public static readonly TimeSpan SlowestFill = TimeSpan.FromDays(1);

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>How wide the next range is.</summary>
    /// <param name="least">The least.</param>
    /// <param name="ranges">All, in their order.</param>
    public static long NextWidth(IReadOnlyList<JobRange> ranges, long least)
    {
        var own = ranges.Where(range => range.First != JobRange.Old).ToList();
        if (own.Count == 0) return least;
        var filled = own.Where(range => range.FilledAt is not null).ToList();
        var width = filled.Where(range => !range.ByRow).Sum(range => range.Width) / (filled.Count > RangesAtMost ? 2 : Shares);
        var newest = own[^1].Width;
        if (filled.Count > RangesByFar || (filled.Count > 0 && filled[^1].FilledAt - filled[^1].OpenedAt < FastestFill)) width = Math.Max(width, newest * 2);
        return Math.Clamp(width, least, WidthMax);
    }

    /// <summary>Where the next range begins.</summary>
    /// <param name="ranges">All, in their order.</param>
    /// <param name="last">The last sequence taken; 0 when none was.</param>
    /// <param name="distance">What may be taken until the range is there.</param>
    public static long NextFirst(IReadOnlyList<JobRange> ranges, long last, long distance)
    {
        var end = ranges.Count > 0 ? ranges[^1].Until : 1;

        // What was taken without a range lies in the rest, for good: a range over rows that lie there cannot be attached.
        return last < end ? end : last + 1 + distance;
    }

    /// <summary>True when rows have lain for too long after their jobs: some job of the range outstays the others.</summary>
    public static bool IsOverdue(JobRange range, DateTimeOffset now) =>
        range is { ByRow: false, FilledAt: { } filledAt, OpenedAt: { } openedAt, LeftAt: { } leftAt } && now - leftAt > ((filledAt - openedAt) * 1.25) + Grace;
}
