using Errand.Schedules;

namespace Errand.Clients;

internal sealed class LocalJobClients(EngineParts parts, ScheduleJobs schedules, ScheduleBell bell) : IJobClients
{
    public IJobClient For(JobCaller caller) => new LocalJobClient(parts, caller);

    public IJobContents ContentsFor(JobCaller caller) => new LocalJobContents(parts, caller);

    public IScheduleClient SchedulesFor(JobCaller caller) => new LocalScheduleClient(parts.Storage, schedules, bell, parts.Time, caller);
}
