namespace Errand.Clients;

/// <summary>What happened between two sights of a job.</summary>
internal static class JobEvents
{
    public static JobEvent Between(Job? before, Job after, JobRevision revision, DateTimeOffset now) =>
        new(Kind(before, after, now), revision, Time(before, after), after);

    /// <summary>The event of having come to where the job is.</summary>
    public static string Word(JobHead head, DateTimeOffset now) => head.StatusAt(now) switch
    {
        JobStatus.Running => "job.started",
        JobStatus.Scheduled or JobStatus.Queued when head.Failures + head.Losses > 0 => "job.retrying",
        var status => $"job.{status.Word()}",
    };

    private static string Kind(Job? before, Job after, DateTimeOffset now)
    {
        if (before is null) return "job.snapshot";
        var (was, now_) = (before.Head, after.Head);
        if (was.Version == now_.Version)
        {
            return (before.Progress?.Sequence ?? 0) == (after.Progress?.Sequence ?? 0) ? "job.queued" : "job.progress";
        }

        if (now_.State == JobState.Queued && (now_.Failures > was.Failures || now_.Losses > was.Losses)) return "job.retrying";
        if (was.State == now_.State && was.Attempt == now_.Attempt && was.DueAt == now_.DueAt) return "job.snapshot";
        return now_.State == JobState.Queued ? $"job.{now_.StatusAt(now).Word()}" : Word(now_, now);
    }

    private static DateTimeOffset Time(Job? before, Job after)
    {
        if (before is null || before.Head.Version != after.Head.Version) return after.Head.UpdatedAt;
        return (before.Progress?.Sequence ?? 0) == (after.Progress?.Sequence ?? 0) ? after.Head.DueAt : after.Progress!.UpdatedAt;
    }
}
