using Errand.Storage;
using Errand.Submits;

namespace Errand.Schedules;

internal sealed class LocalScheduleClient(IJobStorage storage, ScheduleJobs jobs, ScheduleBell bell, TimeProvider time, JobCaller caller) : IScheduleClient
{
    private const int PageMax = 200;
    private const int NextMax = 100;
    private const int TriesMax = 20;

    public async ValueTask<SchedulePage> ListAsync(string? after = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        limit = Math.Clamp(limit, 1, PageMax);
        var stored = await storage.Schedules.ListAsync(caller.Tenant, after, PageMax, cancellationToken);
        var seen = stored.Select(Read).OfType<Schedule>().Take(limit).ToList();
        var last = seen.Count == limit ? seen[^1].Name : stored.Count == PageMax ? stored[^1].Name : null;
        return new SchedulePage(seen, last);
    }

    public async ValueTask<Schedule> GetAsync(string name, CancellationToken cancellationToken = default) =>
        await FindAsync(name, cancellationToken) ?? throw NotFound();

    public async ValueTask<Schedule> CreateAsync(string name, ScheduleDefinition definition, CancellationToken cancellationToken = default)
    {
        await CheckAsync(name, definition, caller.Subject, cancellationToken);
        return await InsertAsync(name, definition, cancellationToken) ?? throw Exists(name);
    }

    public async ValueTask<SavedSchedule> SaveAsync(
        string name, ScheduleDefinition definition, long? ifRevision = null, CancellationToken cancellationToken = default)
    {
        if (ifRevision is null && await storage.Schedules.FindAsync(caller.Tenant, name, cancellationToken) is null)
        {
            await CheckAsync(name, definition, caller.Subject, cancellationToken);
            if (await InsertAsync(name, definition, cancellationToken) is { } made) return new SavedSchedule(made, true);
        }

        var changed = await ChangeAsync(name, ifRevision, async schedule =>
        {
            await CheckAsync(name, definition, schedule.Owner, cancellationToken);
            return Redefine(schedule, definition);
        }, cancellationToken, hidden: () => ifRevision is null ? Exists(name) : NotFound());
        return new SavedSchedule(changed, false);
    }

    public async ValueTask<Schedule> PauseAsync(string name, bool paused, CancellationToken cancellationToken = default) => await ChangeAsync(
        name, null, schedule => ValueTask.FromResult(Redefine(schedule, schedule.Definition with { Paused = paused })), cancellationToken);

    public async ValueTask<Job> RunAsync(string name, CancellationToken cancellationToken = default)
    {
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            var schedule = await GetAsync(name, cancellationToken);
            var (draft, problem) = await jobs.CheckAsync(schedule.Tenant, schedule.Owner, schedule.Definition.Job, cancellationToken);
            if (draft is null) throw new JobProblemException(problem!);
            var now = time.GetUtcNow();
            var job = ScheduleJobs.Build(schedule, draft, null, now);
            var live = await jobs.LiveAsync(schedule, cancellationToken);
            if (await jobs.SaveAsync(schedule, schedule with { Problem = null }, live, [job], now, cancellationToken) is null) continue;
            return (await storage.Jobs.FindAsync(job.Head.Key, JobParts.Status, cancellationToken)).Job ?? throw NotFound();
        }

        throw Busy();
    }

    public async ValueTask RemoveAsync(string name, long? ifRevision = null, CancellationToken cancellationToken = default)
    {
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            var schedule = await GetAsync(name, cancellationToken);
            CheckRevision(schedule, ifRevision);
            if (await storage.Schedules.RemoveAsync(caller.Tenant, name, schedule.Version, cancellationToken)) return;
        }

        throw Busy();
    }

    public async ValueTask<IReadOnlyList<DateTimeOffset>> NextAsync(string name, int count = 10, CancellationToken cancellationToken = default)
    {
        var schedule = await GetAsync(name, cancellationToken);
        List<DateTimeOffset> times = [];
        var slot = schedule.NextSlot ?? ScheduleClock.Next(schedule.Definition, schedule.Anchor, time.GetUtcNow());
        while (slot is { } at && times.Count < Math.Clamp(count, 1, NextMax))
        {
            times.Add(ScheduleClock.FiresAt(schedule, at)!.Value);
            slot = ScheduleClock.Next(schedule.Definition, schedule.Anchor, at);
        }

        return times;
    }

    private async ValueTask<Schedule> ChangeAsync(
        string name, long? ifRevision, Func<Schedule, ValueTask<Schedule>> change, CancellationToken cancellationToken,
        Func<JobProblemException>? hidden = null)
    {
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            var before = await FindAsync(name, cancellationToken) ?? throw hidden?.Invoke() ?? NotFound();
            CheckRevision(before, ifRevision);
            var after = await change(before);
            if (after == before) return before;
            after = after with { Version = before.Version + 1, Revision = before.Revision + 1, UpdatedAt = time.GetUtcNow() };
            if (await WriteAsync(before.Version, after, cancellationToken)) return after;
        }

        throw Busy();
    }

    /// <summary>Another definition; its plan is counted anew when its times change, or when it is resumed.</summary>
    private Schedule Redefine(Schedule schedule, ScheduleDefinition plan)
    {
        var former = schedule.Definition;
        if (ScheduleJson.SameDefinition(former, plan)) return schedule;
        var now = time.GetUtcNow();
        var sameTimes = (former.Cron, former.TimeZone, former.Every) == (plan.Cron, plan.TimeZone, plan.Every);
        var after = schedule with { Definition = plan, Anchor = sameTimes ? schedule.Anchor : now };
        var slot = plan.Paused ? null : sameTimes && schedule.NextSlot is { } kept ? kept : ScheduleClock.Next(plan, after.Anchor, now);
        after = after with { NextSlot = slot };
        return after with { NextAt = ScheduleClock.FiresAt(after, slot) };
    }

    private async ValueTask<Schedule?> InsertAsync(string name, ScheduleDefinition plan, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var schedule = new Schedule
        {
            Tenant = caller.Tenant,
            Name = name,
            Owner = caller.Subject,
            Definition = plan,
            CreatedAt = now,
            UpdatedAt = now,
            Anchor = now,
            NextSlot = plan.Paused ? null : ScheduleClock.Next(plan, now, now),
        };
        schedule = schedule with { NextAt = ScheduleClock.FiresAt(schedule, schedule.NextSlot) };
        return await WriteAsync(0, schedule, cancellationToken) ? schedule : null;
    }

    private async ValueTask<bool> WriteAsync(long before, Schedule after, CancellationToken cancellationToken)
    {
        var change = new ScheduleChange(before, ScheduleJson.Write(after), [], time.GetUtcNow());
        if (!(await storage.Schedules.SaveAsync(change, cancellationToken)).Saved) return false;
        bell.Set();
        return true;
    }

    private async ValueTask CheckAsync(string name, ScheduleDefinition plan, string owner, CancellationToken cancellationToken)
    {
        var errors = ScheduleRules.Check(name, plan, time.GetUtcNow());
        if (errors.Count > 0) throw new JobProblemException(SubmitChecks.Invalid(errors));
        var (_, problem) = await jobs.CheckAsync(caller.Tenant, owner, plan.Job, cancellationToken);
        if (problem is not null) throw new JobProblemException(problem);
    }

    private async ValueTask<Schedule?> FindAsync(string name, CancellationToken cancellationToken) =>
        await storage.Schedules.FindAsync(caller.Tenant, name, cancellationToken) is { } stored ? Read(stored) : null;

    private Schedule? Read(StoredSchedule stored) =>
        ScheduleJson.Read(stored) is { } schedule && (caller.SeesAll || schedule.Owner == caller.Subject) ? schedule with { Version = stored.Version } : null;

    private static void CheckRevision(Schedule schedule, long? ifRevision)
    {
        if (ifRevision is null || ifRevision == schedule.Revision) return;
        throw new JobProblemException(JobProblems.PreconditionFailed, "The schedule has changed since. Read it again.");
    }

    private static JobProblemException NotFound() => new(JobProblems.NotFound, "There is no such schedule.");

    private static JobProblemException Exists(string name) =>
        new(JobProblems.ScheduleExists, $"The name '{name}' is taken by another schedule. Choose another name.");

    private static JobProblemException Busy() => new(new JobProblem(
        JobProblems.ReducedCapacity, "The schedule changes faster than it can be written; nothing was changed. Try again.")
    { RetryAfter = TimeSpan.FromSeconds(1) });
}
