using Errand.Schedules;

namespace Errand.Tests.Schedules;

public sealed class ScheduleClockTests
{
    [Theory]
    [InlineData("0 2 * * *", null, "2026-11-22T12:00:00Z", "2026-11-23T02:00:00Z")]
    [InlineData("*/10 * * * * *", null, "2026-11-22T12:00:05Z", "2026-11-22T12:00:10Z")]
    [InlineData("0 9 * * MON-FRI", "Europe/Berlin", "2026-11-20T09:00:00Z", "2026-11-23T08:00:00Z")]
    public void A_cron_time_comes_in_its_zone(string cron, string? zone, string after, string next) =>
        Assert.Equal(At(next), ScheduleClock.Next(Cron(cron, zone), default, At(after)));

    [Fact]
    public void A_time_that_the_zone_skips_comes_when_the_gap_ends()
    {
        // 29 March 2026: in Berlin 02:00 becomes 03:00, so that 02:30 does not exist.
        var plan = Cron("30 2 * * *", "Europe/Berlin");

        Assert.Equal(
            [At("2026-03-28T01:30:00Z"), At("2026-03-29T01:00:00Z"), At("2026-03-30T00:30:00Z")], Next(plan, "2026-03-27T12:00:00Z", 3));
    }

    [Fact]
    public void A_time_that_the_zone_repeats_comes_once()
    {
        // 25 October 2026: in Berlin 03:00 becomes 02:00, so that 02:30 is there twice, at 00:30Z and 01:30Z.
        var plan = Cron("30 2 * * *", "Europe/Berlin");

        Assert.Equal([At("2026-10-24T00:30:00Z"), At("2026-10-25T00:30:00Z"), At("2026-10-26T01:30:00Z")], Next(plan, "2026-10-23T12:00:00Z", 3));
    }

    [Fact]
    public void An_interval_keeps_its_distance_over_a_repeated_hour()
    {
        var plan = Cron("*/30 * * * *", "Europe/Berlin");

        Assert.Equal(
            [At("2026-10-25T00:00:00Z"), At("2026-10-25T00:30:00Z"), At("2026-10-25T01:00:00Z"), At("2026-10-25T01:30:00Z")],
            Next(plan, "2026-10-24T23:59:00Z", 4));
    }

    [Theory]
    [InlineData("12:00:00", "12:15:00")]
    [InlineData("12:14:59", "12:15:00")]
    [InlineData("12:15:00", "12:30:00")]
    [InlineData("11:00:00", "12:00:00")]
    public void Every_counts_from_its_anchor_and_does_not_drift(string after, string next)
    {
        var plan = Of(new ScheduleDefinition { Every = TimeSpan.FromMinutes(15), Job = new() { Type = "work" } });

        Assert.Equal(At($"2026-11-22T{next}Z"), ScheduleClock.Next(plan, At("2026-11-22T12:00:00Z"), At($"2026-11-22T{after}Z")));
    }

    [Theory]
    [InlineData("12:00:01", "12:00:00")]
    [InlineData("12:15:00", "12:00:00")]
    [InlineData("12:15:01", "12:15:00")]
    [InlineData("12:00:00", null)]
    public void The_time_before_is_strictly_before(string before, string? previous)
    {
        var plan = Of(new ScheduleDefinition { Every = TimeSpan.FromMinutes(15), Job = new() { Type = "work" } });

        Assert.Equal(
            previous is null ? null : At($"2026-11-22T{previous}Z"),
            ScheduleClock.Previous(plan, At("2026-11-22T12:00:00Z"), At($"2026-11-22T{before}Z")));
    }

    [Fact]
    public void Jitter_is_the_same_on_every_node_and_within_its_bound()
    {
        var schedule = FiringPlanTests.Every(TimeSpan.FromHours(1)) with { };
        schedule = schedule with { Definition = schedule.Definition with { Jitter = TimeSpan.FromMinutes(5) } };
        var slots = Enumerable.Range(0, 200).Select(hour => At("2026-11-22T12:00:00Z").AddHours(hour)).ToList();

        var delays = slots.Select(slot => ScheduleClock.FiresAt(schedule, slot)!.Value - slot).ToList();

        Assert.Equal(delays, slots.Select(slot => ScheduleClock.FiresAt(schedule with { }, slot)!.Value - slot));
        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromMinutes(5)));
        Assert.True(delays.Distinct().Count() > 150);
    }

    private static ScheduleDefinition Of(ScheduleDefinition plan) => plan;

    private static ScheduleDefinition Cron(string cron, string? zone = null) => new() { Cron = cron, TimeZone = zone, Job = new() { Type = "work" } };

    private static List<DateTimeOffset> Next(ScheduleDefinition plan, string after, int count)
    {
        List<DateTimeOffset> times = [];
        for (DateTimeOffset? at = At(after); times.Count < count;) times.Add((at = ScheduleClock.Next(plan, default, at.Value))!.Value);
        return times;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
