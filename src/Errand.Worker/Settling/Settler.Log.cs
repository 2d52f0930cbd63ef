using Microsoft.Extensions.Logging;

namespace Errand.Worker;

internal sealed partial class Settler
{
    [LoggerMessage(1240, LogLevel.Information, "Job {Job}: the outcome {Outcome} came after its claim was over and is refused; another attempt counts.")]
    private partial void LogRefused(JobId job, string outcome);

    [LoggerMessage(1241, LogLevel.Warning, "The store takes no outcomes; {Count} are kept and tried again.")]
    private partial void LogKept(Exception e, int count);

    [LoggerMessage(1242, LogLevel.Information, "The store takes outcomes again.")]
    private partial void LogBack();

    [LoggerMessage(1243, LogLevel.Error, "A batch of {Count} outcomes failed; each is tried alone.")]
    private partial void LogBatchFailed(Exception e, int count);

    [LoggerMessage(1244, LogLevel.Error, "Job {Job}: its outcome cannot be stored; the attempt is reported as failed instead.")]
    private partial void LogOutcomeUnfit(Exception e, JobId job);

    [LoggerMessage(1245, LogLevel.Error, "Job {Job}: no outcome of its attempt can be stored; it will run again when the session ends.")]
    private partial void LogOutcomeDropped(Exception e, JobId job);

    [LoggerMessage(1246, LogLevel.Warning, "The worker stops with {Count} outcomes that the store did not take; their jobs will run again.")]
    private partial void LogGaveUp(int count);
}
