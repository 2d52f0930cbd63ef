using System.Globalization;
using Errand.Catalog;
using Errand.Lifecycle;
using Errand.Signals;
using Errand.Storage;
using Errand.Submits;

namespace Errand.Schedules;

/// <summary>Makes the jobs of a firing and writes them together with the schedule's advance.</summary>
internal sealed class ScheduleJobs(IJobStorage storage, SubmitChecks checks, QueueCatalog queues, JobSignals signals, JobWriter writer)
{
    /// <summary>So many of its latest jobs are remembered as alive.</summary>
    private const int LiveMax = 20;

    private static readonly IdempotencyKey OnceByItself = new("schedule", "", default);

    /// <summary>Checks the job as its owner would submit it.</summary>
    public ValueTask<(SubmitDraft? Draft, JobProblem? Problem)> CheckAsync(
        string tenant, string owner, JobSubmission job, CancellationToken cancellationToken) =>
        checks.CheckAsync(new JobCaller(tenant, owner), job, OnceByItself, "#/job", cancellationToken);

    /// <summary>A job for a slot, or for now when there is none.</summary>
    public static NewJob Build(Schedule schedule, SubmitDraft draft, DateTimeOffset? slot, DateTimeOffset now)
    {
        var caller = new JobCaller(schedule.Tenant, schedule.Owner);
        var submission = draft.Submission.CorrelationId is null && slot is { } at
            ? draft.Submission with { CorrelationId = $"{schedule.Name}/{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" }
            : draft.Submission;
        return (draft with { Submission = submission, ScheduleId = schedule.Name }).Build(caller, JobId.New(now), now);
    }

    /// <summary>Those of its jobs that have not ended.</summary>
    public async ValueTask<List<Job>> LiveAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        List<Job> live = [];
        foreach (var id in schedule.LiveJobs)
        {
            var found = await storage.Jobs.FindAsync(new JobKey(schedule.Tenant, JobId.Parse(id)), JobParts.Status, cancellationToken);
            if (found.Job is { } job && !job.Head.State.IsTerminal()) live.Add(job);
        }

        return live;
    }

    /// <summary>Asks former jobs to stop. Done before the firing is written: a crash in between asks again, and never forgets to.</summary>
    public async ValueTask CancelAsync(IReadOnlyList<Job> live, CancellationToken cancellationToken)
    {
        if (live.Count == 0) return;
        await writer.WriteAllAsync([.. live.Select(job => (job, (JobCommand)new JobCommand.Cancel("The schedule has made the next job.")))], cancellationToken);
    }

    /// <summary>Writes the schedule with its jobs if nobody was faster, and tells whoever waits for work.</summary>
    public async ValueTask<Schedule?> SaveAsync(
        Schedule before, Schedule after, IReadOnlyList<Job> live, IReadOnlyList<NewJob> jobs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        after = after with
        {
            Version = before.Version + 1,
            LiveJobs = [.. live.Select(job => job.Head.Id.ToString()).Concat(jobs.Select(job => job.Head.Id.ToString())).TakeLast(LiveMax)],
            LastAt = jobs.Count > 0 ? now : before.LastAt,
            LastJobId = jobs.Count > 0 ? jobs[^1].Head.Id.ToString() : before.LastJobId,
        };
        var outcome = await storage.Schedules.SaveAsync(new ScheduleChange(before.Version, ScheduleJson.Write(after), jobs, now), cancellationToken);
        if (!outcome.Saved) return null;
        foreach (var job in outcome.Jobs)
        {
            if (job is not { Kind: SubmitKind.Created, Head: { } head }) continue;
            queues.Get(head.Queue);
            signals.Accepted(head);
        }

        return after;
    }
}
