namespace Errand.Schedules;

/// <summary>What a due schedule does at an instant. The one decision about firing: no I/O, no clock, no chance.</summary>
/// <param name="Slots">The times to make a job for, oldest first.</param>
/// <param name="NextSlot">Where the schedule stands after it.</param>
internal sealed record FiringPlan(IReadOnlyList<DateTimeOffset> Slots, DateTimeOffset? NextSlot)
{
    /// <summary>A time is missed when nothing fired it for this long: a restart is no misfire.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>So many jobs are made in one transaction; what is left is still due.</summary>
    public const int SlotsMax = 100;

    /// <summary>Decides. <paramref name="busy"/>: a former job of it has not ended.</summary>
    public static FiringPlan Of(Schedule schedule, DateTimeOffset now, bool busy)
    {
        var (plan, anchor) = (schedule.Definition, schedule.Anchor);
        List<DateTimeOffset> slots = [];
        var next = schedule.NextSlot;

        var missedBefore = now - Grace - (plan.Jitter ?? TimeSpan.Zero);
        if (next < missedBefore && plan.Misfire != MisfireRule.All)
        {
            if (plan.Misfire == MisfireRule.Once) slots.Add(ScheduleClock.Previous(plan, anchor, missedBefore) ?? next.Value);
            next = ScheduleClock.Next(plan, anchor, missedBefore - TimeSpan.FromTicks(1));
        }

        while (next is { } slot && ScheduleClock.FiresAt(schedule, slot) <= now && slots.Count < SlotsMax)
        {
            slots.Add(slot);
            next = ScheduleClock.Next(plan, anchor, slot);
        }

        return new FiringPlan(ByOverlap(slots, plan.Overlap, busy), next);
    }

    /// <summary>Of several due at once, those rules leave one: the others would overlap it.</summary>
    private static List<DateTimeOffset> ByOverlap(List<DateTimeOffset> slots, OverlapRule rule, bool busy) => rule switch
    {
        OverlapRule.Skip when busy => [],
        OverlapRule.Skip => [.. slots.Take(1)],
        OverlapRule.CancelPrevious => [.. slots.TakeLast(1)],
        _ => slots,
    };
}
