using Errand.Storage;
using Errand.Transactions;

namespace Errand.Clients;

/// <summary>Look-ups as one caller: hidden is unknown.</summary>
internal readonly struct JobReader(IJobStorage storage, FinishedJobs finished, EnlistedJobs enlisted, JobCaller caller)
{
    /// <summary>Reads a job; a finished one perhaps from memory, and then it is the same object each time.</summary>
    public ValueTask<JobLookup> FindAsync(JobId id, JobParts parts, CancellationToken cancellationToken)
    {
        var key = new JobKey(caller.Tenant, id);
        return finished.Find(key, parts) is { } known && caller.Sees(known.Stored.Head.Tenant, known.Stored.Head.Owner)
            ? new ValueTask<JobLookup>(new JobLookup(caller.IsAdmin ? known.Stored : known.Plain))
            : ReadAsync(key, parts, cancellationToken);
    }

    /// <summary>The job as it is stored, or the problem that it is not there; a finished one perhaps from memory.</summary>
    public ValueTask<Job> GetAsync(JobId id, JobParts parts, CancellationToken cancellationToken) =>
        finished.Find(new JobKey(caller.Tenant, id), parts) is { } known && caller.Sees(known.Stored.Head.Tenant, known.Stored.Head.Owner)
            ? new ValueTask<Job>(known.Stored)
            : GetStoredAsync(id, parts, cancellationToken);

    private async ValueTask<Job> GetStoredAsync(JobId id, JobParts parts, CancellationToken cancellationToken)
    {
        var found = await LookAsync(new JobKey(caller.Tenant, id), parts, cancellationToken);
        if (found.Job is { } job && caller.Sees(job.Head.Tenant, job.Head.Owner)) return job;
        if (found.Tombstone is { } tombstone && caller.Sees(caller.Tenant, tombstone.Owner)) throw new JobProblemException(Gone(tombstone));
        throw new JobProblemException(JobProblems.NotFound, "There is no such job.");
    }

    /// <summary>Whoever committed a job in a transaction of its own finds it at once: who looks too early takes it over.</summary>
    private async ValueTask<JobLookup> LookAsync(JobKey key, JobParts parts, CancellationToken cancellationToken)
    {
        var found = await storage.Jobs.FindAsync(key, parts, cancellationToken);
        if (found != default || !enlisted.Expects(key)) return found;
        await enlisted.StoreAsync(cancellationToken);
        return await storage.Jobs.FindAsync(key, parts, cancellationToken);
    }

    public static JobProblem Gone(Tombstone tombstone) =>
        new(JobProblems.JobPurged, "The job was there and has been purged.") { PurgedAt = tombstone.PurgedAt };

    private async ValueTask<JobLookup> ReadAsync(JobKey key, JobParts parts, CancellationToken cancellationToken)
    {
        var reading = finished.Begin();
        var found = await LookAsync(key, parts, cancellationToken);
        if (found.Job is { } job && caller.Sees(job.Head.Tenant, job.Head.Owner))
        {
            finished.Keep(job, parts, reading);
            return new JobLookup(job.For(caller));
        }

        return found.Tombstone is { } tombstone && caller.Sees(caller.Tenant, tombstone.Owner) ? new JobLookup(null, tombstone) : default;
    }
}
