using Errand.Contracts;

namespace Errand.Client;

/// <summary>Tells of progress when it changed.</summary>
internal sealed class ProgressRelay(IProgress<JobProgress> progress)
{
    private ProgressResource? _told;

    public void Tell(JobSnapshot snapshot)
    {
        if (snapshot.Job.Progress is not { } now || now == _told) return;
        _told = now;
        progress.Report(new JobProgress
        {
            Percent = now.Percent,
            Completed = now.Completed,
            Total = now.Total,
            Failed = now.Failed,
            Unit = now.Unit,
            Message = now.Message,
            UpdatedAt = now.UpdatedAt ?? snapshot.Job.UpdatedAt,
        });
    }
}
