using Errand.Schedules;

namespace Errand.Tests.Schedules;

public sealed class FiringPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_fires_before_its_time() =>
        Is([], Noon.AddMinutes(10), Of(Every(TimeSpan.FromMinutes(10)), Noon.AddMinutes(9.99)));

    [Fact]
    public void What_is_due_fires_once_and_moves_on() =>
        Is([10], Noon.AddMinutes(20), Of(Every(TimeSpan.FromMinutes(10)), Noon.AddMinutes(10)));

    [Theory]
    [InlineData(MisfireRule.Skip, new int[0])]
    [InlineData(MisfireRule.Once, new[] { 60 })]
    [InlineData(MisfireRule.All, new[] { 10, 20, 30, 40, 50, 60 })]
    public void Missed_times_are_made_up_for_by_rule(MisfireRule rule, int[] minutes) =>
        Is(minutes, Noon.AddMinutes(70), Of(Every(TimeSpan.FromMinutes(10), rule), Noon.AddMinutes(65)));

    [Theory]
    [InlineData(MisfireRule.Skip, new[] { 60 })]
    [InlineData(MisfireRule.Once, new[] { 50, 60 })]
    public void A_time_that_is_late_by_less_than_a_minute_is_no_misfire(MisfireRule rule, int[] minutes) =>
        Is(minutes, Noon.AddMinutes(70), Of(Every(TimeSpan.FromMinutes(10), rule), Noon.AddMinutes(60.5)));

    [Theory]
    [InlineData(MisfireRule.Skip)]
    [InlineData(MisfireRule.Once)]
    public void A_stop_of_a_year_costs_no_walk_through_its_seconds(MisfireRule rule)
    {
        var plan = FiringPlan.Of(Every(TimeSpan.FromSeconds(1), rule), Noon.AddDays(365), busy: false);

        Assert.InRange(plan.Slots.Count, 60, 62);
        Assert.Equal(Noon.AddDays(365).AddSeconds(1), plan.NextSlot);
    }

    [Fact]
    public void All_of_a_long_stop_come_in_slices()
    {
        var plan = FiringPlan.Of(Every(TimeSpan.FromSeconds(1), MisfireRule.All), Noon.AddDays(1), busy: false);

        Assert.Equal(FiringPlan.SlotsMax, plan.Slots.Count);
        Assert.Equal(Noon.AddSeconds(FiringPlan.SlotsMax + 1), plan.NextSlot);
    }

    [Theory]
    [InlineData(OverlapRule.Allow, true, new[] { 10, 20, 30 })]
    [InlineData(OverlapRule.Skip, true, new int[0])]
    [InlineData(OverlapRule.Skip, false, new[] { 10 })]
    [InlineData(OverlapRule.CancelPrevious, true, new[] { 30 })]
    [InlineData(OverlapRule.CancelPrevious, false, new[] { 30 })]
    public void Jobs_overlap_by_rule_and_the_plan_moves_on_all_the_same(OverlapRule rule, bool busy, int[] minutes)
    {
        var schedule = Every(TimeSpan.FromMinutes(10), MisfireRule.All);

        Is(
            minutes, Noon.AddMinutes(40), Of(schedule with { Definition = schedule.Definition with { Overlap = rule } }, Noon.AddMinutes(35), busy));
    }

    [Fact]
    public void A_clock_that_went_back_fires_nothing_again()
    {
        var schedule = Every(TimeSpan.FromMinutes(10));
        schedule = schedule with { NextSlot = FiringPlan.Of(schedule, Noon.AddMinutes(10), busy: false).NextSlot };

        Is([], Noon.AddMinutes(20), Of(schedule, Noon.AddMinutes(5)));
    }

    internal static Schedule Every(TimeSpan every, MisfireRule misfire = MisfireRule.Once) => new()
    {
        Tenant = "default",
        Name = "tick",
        Owner = "alice",
        CreatedAt = Noon,
        Anchor = Noon,
        NextSlot = Noon + every,
        Definition = new ScheduleDefinition { Every = every, Misfire = misfire, Job = new JobSubmission { Type = "work" } },
    };

    private static void Is(int[] minutes, DateTimeOffset next, (int[] Minutes, DateTimeOffset? Next) plan)
    {
        Assert.Equal(minutes, plan.Minutes);
        Assert.Equal(next, plan.Next);
    }

    private static (int[] Minutes, DateTimeOffset? Next) Of(Schedule schedule, DateTimeOffset now, bool busy = false)
    {
        var plan = FiringPlan.Of(schedule, now, busy);
        return ([.. plan.Slots.Select(slot => (int)(slot - Noon).TotalMinutes)], plan.NextSlot);
    }
}
