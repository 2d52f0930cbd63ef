using Errand.Storage;

namespace Errand.Clients;

/// <summary>Look-ups as one caller: hidden is unknown.</summary>
internal sealed class JobReader(IJobStorage storage, JobCaller caller)
{
    public async ValueTask<JobLookup> FindAsync(JobId id, JobParts parts, CancellationToken cancellationToken)
    {
        var found = await storage.Jobs.FindAsync(new JobKey(caller.Tenant, id), parts, cancellationToken);
        if (found.Job is { } job && caller.Sees(job.Head.Tenant, job.Head.Owner)) return new JobLookup(job.For(caller));
        return found.Tombstone is { } tombstone && caller.Sees(caller.Tenant, tombstone.Owner) ? new JobLookup(null, tombstone) : default;
    }

    /// <summary>The job as it is stored, or the problem that it is not there.</summary>
    public async ValueTask<Job> GetAsync(JobId id, JobParts parts, CancellationToken cancellationToken)
    {
        var found = await storage.Jobs.FindAsync(new JobKey(caller.Tenant, id), parts, cancellationToken);
        if (found.Job is { } job && caller.Sees(job.Head.Tenant, job.Head.Owner)) return job;
        if (found.Tombstone is { } tombstone && caller.Sees(caller.Tenant, tombstone.Owner)) throw new JobProblemException(Gone(tombstone));
        throw new JobProblemException(JobProblems.NotFound, "There is no such job.");
    }

    public static JobProblem Gone(Tombstone tombstone) =>
        new(JobProblems.JobPurged, "The job was there and has been purged.") { PurgedAt = tombstone.PurgedAt };
}
