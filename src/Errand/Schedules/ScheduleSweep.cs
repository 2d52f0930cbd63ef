using Errand.Hosting;
using Errand.Signals;
using Errand.Storage;
using Microsoft.Extensions.Logging;

namespace Errand.Schedules;

/// <summary>
/// Fires what is due. Sleeps until the next time of all; looks at least every ten seconds, so that what another node stored, and a wall
/// clock that was moved, are noticed.
/// </summary>
internal sealed partial class ScheduleSweep(
    IJobStorage storage, ScheduleJobs jobs, ScheduleBell bell, Alarms alarms, TimeProvider time, ILogger<ScheduleSweep> logger) : ISweep
{
    private const int Slice = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    public string Name => "schedules";

    /// <summary>The pause after a failure; without one a round does not end.</summary>
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = await FireDueAsync(cancellationToken);
            var wait = next - time.GetUtcNow() ?? LookEvery;
            alarms.Arm(bell, wait < LookEvery ? wait : LookEvery);
            await bell.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Fires everything that is due; returns when the next is, if any.</summary>
    public async ValueTask<DateTimeOffset?> FireDueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var due = await storage.Schedules.ListDueAsync(time.GetUtcNow(), Slice, cancellationToken);
            var moved = 0;
            foreach (var stored in due)
            {
                if (ScheduleJson.Read(stored) is not { } schedule) Unreadable(logger, stored.Name, stored.Tenant);
                else if (await FireAsync(schedule with { Version = stored.Version }, cancellationToken)) moved++;
            }

            if (moved == 0) break;
        }

        var next = await storage.Schedules.ListDueAsync(DateTimeOffset.MaxValue, 1, cancellationToken);
        return next is [{ NextAt: { } at }] && at > time.GetUtcNow() ? at : null;
    }

    /// <summary>True when it moved, here or on another node.</summary>
    private async ValueTask<bool> FireAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var live = await jobs.LiveAsync(schedule, cancellationToken);
        var plan = FiringPlan.Of(schedule, now, live.Count > 0);
        if (plan.NextSlot == schedule.NextSlot) return false;

        List<NewJob> made = [];
        string? problem = null;
        if (plan.Slots.Count > 0)
        {
            var (draft, mistake) = await jobs.CheckAsync(schedule.Tenant, schedule.Owner, schedule.Definition.Job, cancellationToken);
            if (draft is not null) made.AddRange(plan.Slots.Select(slot => ScheduleJobs.Build(schedule, draft, slot, now)));
            problem = mistake?.Detail;
            if (problem is not null) NotFired(logger, schedule.Name, schedule.Tenant, problem);
        }

        if (made.Count > 0 && schedule.Definition.Overlap == OverlapRule.CancelPrevious) await jobs.CancelAsync(live, cancellationToken);
        var after = schedule with
        {
            NextSlot = plan.NextSlot,
            NextAt = ScheduleClock.FiresAt(schedule, plan.NextSlot),
            Problem = made.Count > 0 ? null : problem ?? schedule.Problem,
        };
        if (await jobs.SaveAsync(schedule, after, live, made, now, cancellationToken) is not null && made.Count > 0)
        {
            Fired(logger, schedule.Name, schedule.Tenant, made.Count, after.NextAt);
        }

        return true;
    }

    [LoggerMessage(1650, LogLevel.Debug, "Schedule '{Name}' of tenant '{Tenant}' made {Jobs} jobs; it fires next at {NextAt}.")]
    private static partial void Fired(ILogger logger, string name, string tenant, int jobs, DateTimeOffset? nextAt);

    [LoggerMessage(1651, LogLevel.Warning, "Schedule '{Name}' of tenant '{Tenant}' made no job, and goes on with its next time: {Problem}")]
    private static partial void NotFired(ILogger logger, string name, string tenant, string problem);

    [LoggerMessage(1652, LogLevel.Error, "Schedule '{Name}' of tenant '{Tenant}' was written by a newer release and cannot be read; it is left to a node that can.")]
    private static partial void Unreadable(ILogger logger, string name, string tenant);
}
