using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cronos;

namespace Errand.Schedules;

/// <summary>The times of a schedule: pure arithmetic on its definition.</summary>
internal static class ScheduleClock
{
    /// <summary>The first time after an instant; null when there is none.</summary>
    public static DateTimeOffset? Next(ScheduleDefinition plan, DateTimeOffset anchor, DateTimeOffset after)
    {
        if (plan.Every is { } every)
        {
            var turns = after < anchor ? 0 : ((after - anchor).Ticks / every.Ticks) + 1;
            return anchor + TimeSpan.FromTicks(turns * every.Ticks);
        }

        return Parse(plan.Cron!).GetNextOccurrence(after.ToUniversalTime(), Zone(plan.TimeZone))?.ToUniversalTime();
    }

    /// <summary>The last time before an instant; null when there is none.</summary>
    public static DateTimeOffset? Previous(ScheduleDefinition plan, DateTimeOffset anchor, DateTimeOffset before)
    {
        if (plan.Every is { } every)
        {
            return before <= anchor ? null : anchor + TimeSpan.FromTicks((before - anchor - TimeSpan.FromTicks(1)).Ticks / every.Ticks * every.Ticks);
        }

        return Parse(plan.Cron!).GetPreviousOccurrence(before.ToUniversalTime(), Zone(plan.TimeZone))?.ToUniversalTime();
    }

    /// <summary>When a slot fires. The delay hangs on the schedule and the slot, so that every node draws the same.</summary>
    public static DateTimeOffset? FiresAt(Schedule schedule, DateTimeOffset? slot)
    {
        if (slot is not { } at || schedule.Definition.Jitter is not { Ticks: > 0 } jitter) return slot;
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes($"{schedule.Tenant}\n{schedule.Name}\n{at.UtcTicks}"));
        return at + TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(seed) % (uint)(jitter.TotalMilliseconds + 1));
    }

    /// <summary>Five fields, or six with seconds first.</summary>
    /// <exception cref="CronFormatException">It cannot be read.</exception>
    public static CronExpression Parse(string cron) => CronExpression.Parse(
        cron, cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);

    /// <exception cref="TimeZoneNotFoundException">No such zone, or the system has no zone data.</exception>
    public static TimeZoneInfo Zone(string? name) => name is null or "UTC" ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(name);
}
