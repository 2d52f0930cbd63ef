using Errand.AspNetCore;

namespace Errand.Dialects.Alteryx;

/// <summary>
/// The vendor's rule of who sees what: a user sees the jobs they ran, and the jobs of schedules and types that are shared with them through a collection; a Curator sees all. To everyone
/// else a job is unknown.
/// </summary>
internal sealed class AlteryxSight(DialectCall call, JobShares shares)
{
    private const int PageMax = 200;

    private readonly JobCaller _caller = call.Principal.Caller;

    public static async ValueTask<AlteryxSight> OfAsync(DialectCall call, ICollections? collections) =>
        new(call, collections is null ? JobShares.None : await collections.OfAsync(call.Principal.Caller, call.Aborted));

    public static bool IsCurator(DialectCall call) =>
        call.Principal.Roles.Any(role => role is "curator" or "admin") || call.Principal.Caller.IsAdmin;

    /// <summary>Sees every job of the tenant.</summary>
    public bool SeesAll => _caller.SeesAll || IsCurator(call);

    /// <summary>Jobs without the native rule; what they answer has still to pass this one.</summary>
    public IJobClient Jobs => call.Clients.For(_caller with { SeesAll = true });

    public IJobContents Contents => call.Clients.ContentsFor(_caller with { SeesAll = true });

    /// <summary>A type that names no collection is everyone's to run; one that does is run by those whom it is shared with.</summary>
    public bool Sees(Workflow workflow) => workflow.Type.Collections.Count == 0 || SeesJobsOf(workflow);

    /// <summary>All jobs of the type, whoever ran them.</summary>
    public bool SeesJobsOf(Workflow workflow) => SeesAll || shares.Covers(workflow.Type);

    public async ValueTask<bool> SeesAsync(Job job, Workflow workflow)
    {
        if (job.Head.Owner == _caller.Subject || SeesJobsOf(workflow)) return true;
        return job.Details.ScheduleId is { } name && !shares.IsEmpty && await FindScheduleAsync(name) is { } schedule && IsShared(schedule, job);
    }

    /// <summary>The schedules of a type that are shared with the caller.</summary>
    public async ValueTask<IReadOnlyList<string>> SharedSchedulesAsync(Workflow workflow)
    {
        List<string> names = [];
        if (shares.IsEmpty) return names;
        var after = (string?)null;
        do
        {
            var page = await Schedules.ListAsync(after, PageMax, call.Aborted);
            names.AddRange(page.Schedules.Where(one => one.Definition.Job.Type == workflow.Type.Name && shares.Covers(one)).Select(one => one.Name));
            after = page.Next;
        }
        while (after is not null);
        return names;
    }

    private IScheduleClient Schedules => call.Clients.SchedulesFor(_caller with { SeesAll = true });

    private async ValueTask<Schedule?> FindScheduleAsync(string name)
    {
        try
        {
            return await Schedules.GetAsync(name, call.Aborted);
        }
        catch (JobProblemException e) when (e.Problem.Name == JobProblems.NotFound)
        {
            return null;
        }
    }

    // Of a schedule that was deleted, the name may be another's now: its jobs are those of its owner, made since it is there.
    private bool IsShared(Schedule schedule, Job job) =>
        shares.Covers(schedule) && schedule.Owner == job.Head.Owner && schedule.CreatedAt <= job.Head.CreatedAt;
}
