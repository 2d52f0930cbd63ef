using Errand.Storage;
using Errand.Telemetry;
using Errand.Work;

namespace Errand.Signals;

/// <summary>
/// What this node tells itself, and the nodes beside it, after each commit: waiters look again, workers claim, handlers stop. All of it is a
/// hint; losing every one only makes things slower.
/// </summary>
internal sealed class JobSignals(JobWaiters waiters, ChangeFeed feed, LiveSessions sessions, ErrandMetrics metrics, IJobStorage storage)
{
    private readonly IJobHints? _others = storage.Hints?.Others;

    /// <summary>A job was stored.</summary>
    public void Accepted(JobHead job)
    {
        metrics.Sent(job);
        feed.Changed(job);
        sessions.WorkCame(job);
        _others?.Changed(job.Key, job.Version, finished: false);
        _others?.WorkCame(job.Tenant, job.Queue, job.Type);
    }

    /// <summary>A session took a job.</summary>
    public void Claimed(JobHead job)
    {
        metrics.Claimed(job);
        waiters.Changed(job);
        feed.Changed(job);
        _others?.Changed(job.Key, job.Version, finished: false);
    }

    /// <summary>A decided change was written.</summary>
    public void Changed(JobHead before, JobHead after)
    {
        metrics.Changed(before, after);
        waiters.Changed(after);
        feed.Changed(after);
        _others?.Changed(after.Key, after.Version, after.State.IsTerminal());
        var othersMayStart = after.State == JobState.Queued;
        if (othersMayStart) sessions.WorkCame(after);
        else if (after.State == JobState.Canceling) sessions.StopAsked(after);
        if (before.State.IsClaimed() && !after.State.IsClaimed()) othersMayStart |= sessions.Freed(before, after.State == JobState.Succeeded);
        if (othersMayStart) _others?.WorkCame(after.Tenant, after.Queue, after.Type);
    }

    /// <summary>A job's progress was written.</summary>
    public void Progressed(JobKey job, long sequence)
    {
        waiters.Progressed(job, sequence);
        _others?.Progressed(job, sequence);
    }
}
