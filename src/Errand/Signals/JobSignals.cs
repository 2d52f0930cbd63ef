using Errand.Telemetry;
using Errand.Work;

namespace Errand.Signals;

/// <summary>
/// What this node tells itself after each commit: waiters look again, workers claim, handlers stop. All of it is a hint; losing every one
/// only makes things slower.
/// </summary>
internal sealed class JobSignals(JobWaiters waiters, ChangeFeed feed, LiveSessions sessions, ErrandMetrics metrics)
{
    /// <summary>A job was stored.</summary>
    public void Accepted(JobHead job)
    {
        metrics.Sent(job);
        feed.Changed(job);
        sessions.WorkCame(job);
    }

    /// <summary>A session took a job.</summary>
    public void Claimed(JobHead job)
    {
        metrics.Claimed(job);
        waiters.Changed(job);
        feed.Changed(job);
    }

    /// <summary>A decided change was written.</summary>
    public void Changed(JobHead before, JobHead after)
    {
        metrics.Changed(before, after);
        waiters.Changed(after);
        feed.Changed(after);
        if (after.State == JobState.Queued) sessions.WorkCame(after);
        else if (after.State == JobState.Canceling) sessions.StopAsked(after);
        if (before.State.IsClaimed() && !after.State.IsClaimed()) sessions.Freed(before, after.State == JobState.Succeeded);
    }

    /// <summary>A job's progress was written.</summary>
    public void Progressed(JobKey job, long sequence) => waiters.Progressed(job, sequence);
}
