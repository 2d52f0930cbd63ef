namespace Errand.Storage.PostgreSql.Tests;

/// <summary>How wide ranges are and where they begin.</summary>
public sealed class RangeRulesTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 70, 0, 71 + 1_000)]
    [InlineData(3, 0, 0, 301)]
    [InlineData(3, 300, 0, 301)]
    [InlineData(3, 301, 1, 302 + 10_000)]
    public void A_range_begins_where_the_last_one_ends_or_beyond_all_that_was_taken(int ranges, long last, int tries, long first) =>
        Assert.Equal(first, RangeRules.NextFirst([.. Row(ranges, 100)], last, 1_000 * (long)Math.Pow(10, tries)));

    [Fact]
    public void Ranges_grow_with_what_is_there_and_stay_few()
    {
        var ranges = new List<JobRange>();
        var (sequence, at, most) = (0L, Noon, 0);

        // A thousand jobs a second that are kept for seven days, for a month.
        while (at < Noon.AddDays(30))
        {
            var width = RangeRules.NextWidth(ranges, RangeRules.WidthMin);
            var filledAt = at.AddSeconds(width / 1_000.0);
            ranges.Add(new JobRange(sequence, sequence + width, at, filledAt));
            (sequence, at) = (sequence + width, filledAt);
            ranges.RemoveAll(range => range.FilledAt < at.AddDays(-7));
            most = Math.Max(most, ranges.Count);
        }

        Assert.InRange(most, 5, 45);
        Assert.InRange(ranges.Count, 3, 12);
        Assert.All(ranges, range => Assert.True(range.FilledAt - range.OpenedAt < TimeSpan.FromDays(3)));
    }

    [Fact]
    public void A_range_that_fills_in_less_than_a_minute_is_followed_by_a_wider_one()
    {
        var ranges = Row(2, 100).Select(range => range with { FilledAt = Noon.AddSeconds(10) }).ToList();

        Assert.Equal(200, RangeRules.NextWidth(ranges, 50));
        Assert.Equal(50, RangeRules.NextWidth([.. ranges.Select(range => range with { FilledAt = Noon.AddHours(1) })], 50));
    }

    [Fact]
    public void Rows_lie_for_as_long_as_their_range_took_to_fill_and_a_little_more()
    {
        var range = new JobRange(1, 100, Noon, Noon.AddHours(4), LeftAt: Noon.AddDays(7));

        Assert.False(RangeRules.IsOverdue(range, Noon.AddDays(7).AddHours(5).AddMinutes(9)));
        Assert.True(RangeRules.IsOverdue(range, Noon.AddDays(7).AddHours(5).AddMinutes(11)));
        Assert.False(RangeRules.IsOverdue(range with { ByRow = true }, Noon.AddDays(70)));
        Assert.False(RangeRules.IsOverdue(range with { LeftAt = null }, Noon.AddDays(70)));
    }

    private static IEnumerable<JobRange> Row(int count, long width) => Enumerable.Range(0, count).Select(i => new JobRange(1 + (i * width), 1 + ((i + 1) * width), Noon));
}
