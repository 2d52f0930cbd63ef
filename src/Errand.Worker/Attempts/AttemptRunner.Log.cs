using Microsoft.Extensions.Logging;

namespace Errand.Worker;

internal sealed partial class AttemptRunner
{
    [LoggerMessage(1220, LogLevel.Warning, "Job {Job} ({Type}): attempt {Attempt} threw.")]
    private partial void LogThrew(Exception e, JobId job, string type, int attempt);

    [LoggerMessage(1221, LogLevel.Warning,
        "Job {Job} ({Type}): its handler was told to stop ({Reason}) and did not in time. The job goes on without it; its slot stays taken until it returns.")]
    private partial void LogAbandoned(JobId job, string type, AttemptStop reason);

    [LoggerMessage(1222, LogLevel.Warning, "Job {Job} ({Type}): its abandoned handler has returned after {Duration}; the slot is free again.")]
    private partial void LogReturnedLate(JobId job, string type, TimeSpan duration);

    [LoggerMessage(1223, LogLevel.Error, "Job {Job}: this process has no handler for its type '{Type}'. It is given back; add an AddHandler line for it.")]
    private partial void LogUnknownType(JobId job, string type);

    [LoggerMessage(1224, LogLevel.Warning, "Job {Job} ({Type}): the services of its attempt could not be disposed; its outcome stands.")]
    private partial void LogScopeThrew(Exception e, JobId job, string type);

    [LoggerMessage(1225, LogLevel.Error, "Job {Job}: its attempt could not be finished; it will run again when the session ends.")]
    private partial void LogNotFinished(Exception e, JobId job);
}
